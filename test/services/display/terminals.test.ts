import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownPlace } from '../../../src/services/display/here/places.ts'
import { keepTerminal, terminalsHere, toldHere } from '../../../src/services/display/here/terminals.ts'

const { uid } = userInfo()
let folder = ''
let bases = { site: '', fallback: '' }
let place = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-terminals-'))
  bases = { site: join(folder, 'run'), fallback: folder }
  place = await ownPlace(uid, bases)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const told = (name: string, at = 1000) => ({ at, name, line: '{"version":1}' })
const here = async () => await terminalsHere(bases)

describe('what terminals told of themselves', () => {
  it('is kept by the person who sits there, for all to read, the latest of each terminal', async () => {
    await keepTerminal(place, told('term3'))
    await keepTerminal(place, told('term3', 2000))
    await keepTerminal(place, told('fe80::1%eth0'))
    expect(await here()).toEqual(
      expect.arrayContaining([
        { ...told('term3', 2000), uid },
        { ...told('fe80::1%eth0'), uid },
      ]),
    )
    expect(readdirSync(place).toSorted()).toEqual(['terminal-fe80__1_eth0.json', 'terminal-term3.json'])
    expect(statSync(join(place, 'terminal-term3.json')).mode & 0o777).toBe(0o644)
  })

  it('stays in the place of that person, whatever a terminal is called', async () => {
    for (const name of ['../x', '/etc/passwd', '..', 'a'.repeat(200)]) await keepTerminal(place, told(name))
    expect(readdirSync(folder)).toEqual([`vdd-${uid}`])
    expect(readdirSync(place)).toHaveLength(4)
    expect(await here()).toHaveLength(4)
  })

  it('is of one person not more than the latest 30', async () => {
    for (let i = 0; i < 33; i++) await keepTerminal(place, told(`term${i}`, i))
    const ages = (await here()).map(({ at }) => at)
    expect([ages.length, Math.min(...ages)]).toEqual([30, 3])
  })

  it('is nothing of what is in no such form, of links, of what is too long', async () => {
    await keepTerminal(place, told('term3'))
    writeFileSync(join(place, 'terminal-a.json'), 'no json')
    writeFileSync(join(place, 'terminal-b.json'), '{"at":-1,"name":"b","line":""}')
    writeFileSync(join(place, 'terminal-c.json'), JSON.stringify({ ...told('c'), line: 'x'.repeat(100_000) }))
    writeFileSync(join(place, 'terminal-$d.json'), JSON.stringify(told('d')))
    symlinkSync(join(place, 'terminal-term3.json'), join(place, 'terminal-e.json'))
    expect((await here()).map(({ name }) => name)).toEqual(['term3'])
  })

  it('was told in no future, so that what others tell later counts', async () => {
    await keepTerminal(place, told('term3', 8e15))
    const [one] = await here()
    expect(one?.at).toBeLessThanOrEqual(Date.now() + 1000)
  })

  it('is bounded by how long it becomes when it is told', async () => {
    await keepTerminal(place, told('term3'))
    await keepTerminal(place, { ...told('term4', 900), line: '\u0001'.repeat(11_000) })
    expect((await here()).map(({ name }) => name)).toEqual(['term3'])
  })

  it('is told by a mark to who has heard it, and whole when anything differs', async () => {
    expect(await toldHere(undefined, bases)).toEqual({
      mark: expect.stringMatching(/^[0-9a-f]{16}$/),
      all: [],
    })
    await keepTerminal(place, { ...told('term3'), address: '10.0.0.3' })
    const first = await toldHere(undefined, bases)
    const { username: user } = userInfo()
    expect(first.all).toEqual([{ ...told('term3'), address: '10.0.0.3', user }])
    expect(await toldHere(first.mark, bases)).toEqual({ mark: first.mark })
    await keepTerminal(place, told('term3', 2000))
    const next = await toldHere(first.mark, bases)
    expect([next.mark === first.mark, next.all]).toEqual([false, [{ ...told('term3', 2000), user }]])
  })

  it.runIf(uid === 0)('is not crowded out by who writes much, of whom the oldest are left out', async () => {
    const long = 'x'.repeat(60_000)
    for (let other = 60_000; other < 60_012; other++) {
      const foreign = join(folder, `vdd-${other}`)
      mkdirSync(foreign)
      for (const at of [1, 2]) {
        const file = join(foreign, `terminal-${at}.json`)
        writeFileSync(file, JSON.stringify({ at, name: `${other}-${at}`, line: long }))
        chownSync(file, other, other)
      }
      chownSync(foreign, other, other)
    }
    await keepTerminal(place, told('term3'))
    const names = (await here()).map(({ name }) => name)
    expect(names[0]).toBe('term3')
    expect(names.slice(1)).toEqual(Array.from({ length: 8 }, (_, i) => `${60_000 + i}-2`))
  })

  it.runIf(uid === 0)('is believed of nobody in whose name another wrote it', async () => {
    mkdirSync(join(folder, 'vdd-65534'))
    writeFileSync(join(folder, 'vdd-65534', 'terminal-a.json'), JSON.stringify(told('a')))
    expect(await here()).toEqual([])
    chownSync(join(folder, 'vdd-65534'), 65_534, 65_534)
    expect(await here()).toEqual([])
    chownSync(join(folder, 'vdd-65534', 'terminal-a.json'), 65_534, 65_534)
    expect(await here()).toEqual([{ ...told('a'), uid: 65_534 }])
  })
})
