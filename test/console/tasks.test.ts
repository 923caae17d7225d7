import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dialogOf } from '../../src/components/Dialog.tsx'
import { hintsOf } from '../../src/components/Footer.tsx'
import type { ConfirmLayer } from '../../src/console/layers.ts'
import { lineText } from '../../src/text/page.ts'
import { type Demo, demo } from '../support/demo.ts'
import { until } from '../support/until.ts'

let the: Demo
beforeEach(async () => {
  the = await demo()
  await until('the front ends', () => the.console.snapshot.frontends.some((one) => one.services.length === 2))
  await until('ldirectord', () => the.console.snapshot.balancers.every(({ ldirectord }) => ldirectord))
  the.press('3')
})
afterEach(() => the.end())

const top = () => the.console.layers.at(-1)
const weights = (name: string) =>
  the.console.snapshot.frontends.find((one) => one.name === name)?.services.map(({ weight }) => weight)
const told = (begin: string) => the.fleet.journal.latest(50).filter(({ text }) => text.startsWith(begin))

function confirmation(): ConfirmLayer {
  const layer = top()
  if (layer?.kind !== 'confirm') throw new Error(`no confirmation but ${layer?.kind}`)
  return layer
}

/** Drains fe1, waiting for the end of its connections, which in the demo take longer than any test. */
async function drainFe1(): Promise<void> {
  the.press('d', '1', '1', 'y')
  await until('weight 0', () => weights('fe1')?.every((weight) => weight === 0), 20_000)
  expect(the.console.tasks).toHaveLength(1)
}

describe('undo of what is under way', () => {
  it('is of that, names it, and says how it was before', async () => {
    // Something else was done before, which must not be undone in its place.
    the.press('down', 'd', '1', '2', 'y')
    await until('fe2 out', () => !the.console.tasks.length, 20_000)
    the.press('up')
    await drainFe1()
    the.press('u')
    const { title, about, prepared } = confirmation()
    expect(title).toMatch(/^Undo: drain fe1, \d\d:\d\d$/)
    expect(about[0]).toBe('Restore fe1; before it was: in service, weight 4')
    expect(prepared.map(({ action, target }) => [action.verb, (target as { name: string }).name])).toEqual([
      ['restore', 'fe1'],
    ])
  })

  it('ends the waiting for it, which the journal does not call a failure', async () => {
    await drainFe1()
    the.press('u', 'y')
    await until('both to end', () => !the.console.tasks.length, 20_000)
    expect(weights('fe1')).toEqual([4, 4])
    const [end] = told('drain: ')
    expect(end?.text).toMatch(/^drain: cancelled, since it is undone; done before: .*; out; \d+ connections/)
    expect(the.console.outcomes).toEqual([])
  })

  it('is not there yet where the opposite waits for its end, and that is said', async () => {
    the.press('2', '/', ...'debian-kde-01', 'return', 'd', 'y')
    await until('the shutdown to be begun', () => the.console.last?.isUnderWay)
    the.press('u')
    expect(the.console.notice?.text).toMatch(
      /^Undo: shut down debian-kde-01, \d\d:\d\d: Start: .*; what it undoes is under way: W lists it$/,
    )
  })

  it('is nothing where what was done last has none: no older change is undone in its place', async () => {
    the.press('d', '1', '2', 'y')
    await until('fe1 out', () => !the.console.tasks.length, 20_000)
    the.press('2', '/', ...'debian-kde-01', 'return', 'b', 'y')
    await until('the reboot', () => !the.console.tasks.length)
    the.press('u')
    expect(top()).toBeUndefined()
    expect(the.console.notice?.text).toMatch(/^reboot debian-kde-01, \d\d:\d\d, cannot be undone$/)
  })

  it('is of the one before, where what came last was cancelled and has done nothing', async () => {
    the.press('2', '/', ...'debian-kde-01', 'return', 'p', 'y')
    await until('it to be paused', () => !the.console.tasks.length, 20_000)
    const name = the.console.snapshot.machines.find(
      (m) => m.state === 'running' && m.hasDisks === false,
    )?.name
    the.press('/', 'ctrl-u', ...(name ?? ''), 'return', 'm', 'return', 'y')
    await until('it to migrate', () => the.console.machine?.state === 'migrating')
    the.press('W', 'C')
    await until('its end', () => !the.console.tasks.length, 20_000)
    expect(told('migrate: cancelled')).toHaveLength(1)
    expect(hintsOf(the.console).map(({ title }) => title)).toContain('Undo')
    the.press('u')
    expect(confirmation().title).toMatch(/^Undo: pause debian-kde-01, /)
  })

  it('of a migration is its abort while it runs, and the way back when it is over', async () => {
    const name = the.console.snapshot.machines.find(
      (m) => m.state === 'running' && m.hasDisks === false,
    )?.name
    the.press('2', '/', ...(name ?? ''), 'return', 'm', 'return', 'y')
    await until('it to migrate', () => the.console.machine?.state === 'migrating')
    the.press('u')
    expect(confirmation().about[0]).toMatch(new RegExp(`^Abort ${name}; before it was: running .* on hv`))
    the.press('escape')
    await until('its end', () => !the.console.tasks.length, 20_000)
    the.press('u')
    expect(confirmation().about[0]).toMatch(new RegExp(`^Migrate ${name} to hv\\d; before`))
  })

  it('of a shutdown is a start', async () => {
    the.press('2', '/', ...'debian-kde-01', 'return', 'd', 'y')
    await until('it to be off', () => !the.console.tasks.length, 20_000)
    the.press('u')
    expect(confirmation().about[0]).toMatch(/^Start debian-kde-01; before it was: running .* on hv1$/)
  })
})

describe('an opposite action', () => {
  it('ends the waiting for the first, by whatever key it was begun', async () => {
    await drainFe1()
    the.press('r', '1', 'y')
    await until('both to end', () => !the.console.tasks.length, 20_000)
    expect(told('drain: ')[0]).toMatchObject({
      text: expect.stringMatching(/^drain: ended, since restore was begun; done before/),
    })
  })

  it('leaves alone what is under way with another', async () => {
    await drainFe1()
    the.press('down', 'd', '1', '2', 'y')
    await until('fe2 out', () => the.console.tasks.length === 1, 20_000)
    the.press('u', 'y')
    await until('fe2 in', () => weights('fe2')?.every((weight) => weight > 0), 20_000)
    expect(the.console.tasks.map(({ name }) => name)).toContain('fe1')
  })
})

describe('what is under way', () => {
  it('is listed with what it waits for, and one of it can be cancelled', async () => {
    the.press('W')
    expect(the.console.notice?.text).toBe('nothing is under way')
    await drainFe1()
    the.press('W')
    expect(top()).toMatchObject({ kind: 'tasks' })
    expect(dialogOf(the.console, 80)?.title).toBe('1 under way')
    const line = () => lineText(dialogOf(the.console, 80)?.lines[0] ?? [])
    await until('what is waited for', () => /^> Drain fe1: \d+ connections left, for /.test(line()))
    expect(hintsOf(the.console).map(({ title }) => title)).toEqual(['Cancel it', 'Close'])
    the.press('C')
    await until('its end', () => !the.console.tasks.length)
    expect(top()).toBeUndefined()
    expect(told('drain: ')[0]).toMatchObject({
      text: expect.stringMatching(/^drain: cancelled; done before: maintenance of .* on lb1, .*; out; \d+ /),
    })
    // What was done stays done, and can be undone.
    expect(weights('fe1')).toEqual([0, 0])
    the.press('u')
    expect(confirmation().about[0]).toMatch(/^Restore fe1/)
  })

  it('is reached by its name, and left as it is by Escape', async () => {
    await drainFe1()
    the.press(':', ...'tasks', 'return')
    expect(top()).toMatchObject({ kind: 'tasks' })
    the.press('escape')
    expect(top()).toBeUndefined()
    expect(the.console.tasks).toHaveLength(1)
  })

  it('has in it what waits for its turn; cancelled before, it is not begun', async () => {
    the.press('2')
    const names = the.console.snapshot.machines
      .filter(({ state, name }) => state === 'running' && !name.startsWith('reactos'))
      .slice(0, 6)
      .map(({ name }) => name)
    the.console.tables.set('machines', {
      marked: new Set(
        the.console.snapshot.machines.filter(({ name }) => names.includes(name)).map(({ uuid }) => uuid),
      ),
    })
    the.press('d')
    const { typed } = confirmation()
    the.type(typed?.wanted ?? '')
    the.press(typed ? 'return' : 'y')
    expect(the.console.tasks.map(({ name }) => name).sort()).toEqual([...names].sort())
    const [last] = [...the.console.tasks].slice(-1)
    the.press('W', 'pagedown', 'C')
    await until('all others to be off', () => !the.console.tasks.length, 30_000)
    expect(told('shut down: begun').map(({ name }) => name)).not.toContain(last?.name)
    expect(told('shut down: begun')).toHaveLength(names.length - 1)
  })
})
