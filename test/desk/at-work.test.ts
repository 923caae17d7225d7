import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MadeUpSurroundings } from '../../src/desk/made-up.ts'
import { freeze, pass, settle, thaw } from '../support/frozen.ts'
import { deskAtWork, passUntil, press } from './support/stage.tsx'

beforeEach(freeze)
afterEach(thaw)

describe('the desk at work', () => {
  it('sees that a desktop has ended, without a key', async () => {
    const surroundings = new MadeUpSurroundings()
    const work = await deskAtWork({ surroundings })
    await press(work, '1', '1')
    await passUntil(work, 'open')
    const [channel] = work.desk.channels
    surroundings.vanish(channel?.said.id ?? '')
    await passUntil(work, 'home')
    expect(work.desk.channels).toEqual([])
    await work.end()
  })

  it('draws nothing while nothing changes', async () => {
    const work = await deskAtWork()
    await press(work, '1', '1')
    await passUntil(work, 'open')
    await pass(3000)
    const { version } = work
    await pass(20_000)
    expect(work.version).toBe(version)
    await work.end()
  })

  it('lets time go by on the screen only where something is waited for', async () => {
    const work = await deskAtWork()
    await press(work, '5')
    const { version } = work
    await pass(3000)
    expect(work.version).toBeGreaterThan(version)
    await work.end()
  })

  it('is stopped by ^Z as every program, but not where it is locked; ^L draws anew', async () => {
    for (const locked of [false, true]) {
      const done: string[] = []
      const work = await deskAtWork({ settings: { locked } })
      work.stop = () => done.push('stop')
      work.repaint = () => done.push('repaint')
      await press(work, 'ctrl-z', 'ctrl-l')
      expect(done).toEqual(locked ? ['repaint'] : ['stop', 'repaint'])
      await work.end()
    }
  })

  it('hears nothing more when it has ended, and takes back what was asked', async () => {
    const work = await deskAtWork()
    await press(work, '5')
    await work.end()
    const { version } = work
    await pass(20_000)
    work.press({ key: 'escape' })
    await settle()
    expect(work.version).toBe(version)
    expect(work.desk.page.at).toBe('progress')
  })

  it('remembers what was opened', async () => {
    const surroundings = new MadeUpSurroundings()
    const work = await deskAtWork({ surroundings })
    await press(work, '1', '2')
    await passUntil(work, 'open')
    expect(surroundings.recall()).toEqual({ system: 'debian', sessions: { debian: 'xfce' } })
    await work.end()
  })

  it('goes on where its channels cannot be seen for a while', async () => {
    const surroundings = new MadeUpSurroundings()
    const work = await deskAtWork({ surroundings })
    surroundings.channels = () => Promise.reject(new Error('no such folder'))
    await pass(5000)
    expect(work.desk.page.at).toBe('home')
    await work.end()
  })
})
