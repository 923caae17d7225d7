import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Alert } from '../../../src/fleet/alerts/alert.ts'
import { AlertBook } from '../../../src/fleet/alerts/book.ts'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { CallBook } from '../../../src/outside/calls/book.ts'
import { Caller } from '../../../src/outside/calls/caller.ts'
import type { Outcome } from '../../../src/outside/calls/command.ts'

const alert = (name: string, text = 'crashed'): Alert => ({
  severity: 'bad',
  what: text,
  about: { kind: 'host', id: name },
  host: name,
  name: label(name),
  text: label(text),
  advice: say``,
})

/** A console of which time and faults are set by hand. */
function stage() {
  const journal = new Journal(':memory:')
  const state = { now: 1_000_000, wrong: [] as Alert[], outcome: { took: 100, said: [] } as Outcome }
  const alerts = new AlertBook(journal, state.now)
  const calls: { event: string; count: number; text: string; alerts: { name: string }[] }[] = []
  let ended: (() => void) | undefined
  const stopped = { hangs: false }
  const book = new CallBook(':memory:')
  const caller = new Caller({
    book,
    program: '/sbin/call',
    severity: 'warning',
    hold: 600_000,
    now: () => state.now,
    run: async (input) => {
      calls.push(JSON.parse(input))
      if (stopped.hangs) await new Promise<void>((resolve) => (ended = resolve))
      return state.outcome
    },
  })
  const all = () => [...caller.alerts(), ...state.wrong]
  caller.start({ cluster: label('school'), journal, alerts: () => alerts.standing(all(), state.now) })
  /** So many seconds pass. */
  const passes = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      state.now += 1_000
      alerts.note(all(), state.now)
      caller.look()
      if (!stopped.hangs) await caller.calling
    }
  }
  const written = () => journal.latest(50).map(({ text }) => text)
  return { state, calls, passes, written, caller, stopped, book, end: () => ended?.() }
}

let at: ReturnType<typeof stage>
beforeEach(() => {
  at = stage()
})
afterEach(() => at.caller.stop())

it('what comes within two seconds is one call, which stands in the journal', async () => {
  at.state.wrong = [alert('a')]
  await at.passes(1)
  at.state.wrong = [alert('a'), alert('b')]
  await at.passes(5)
  expect(at.calls).toMatchObject([
    { event: 'opened', test: false, cluster: 'school', count: 2, text: '2 alerts: a: crashed; b: crashed' },
  ])
  expect(at.calls[0]?.alerts.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(at.written()).toEqual(['alerts.run: /sbin/call: called in 0.1 s: 2 alerts: a: crashed; b: crashed'])
})

it('a flood is one call that says how many', async () => {
  at.state.wrong = Array.from({ length: 500 }, (_, i) => alert(`m${i}`))
  await at.passes(4)
  expect(at.calls).toMatchObject([{ count: 500 }])
  expect(at.calls[0]?.text).toMatch(/^500 alerts: m0: crashed; m1: crashed; m2: crashed; and 497 more$/)
  expect(at.calls[0]?.alerts).toHaveLength(100)
  await at.passes(3)
  expect(at.calls).toHaveLength(1)
})

it('the end is told when it has lasted for half a minute; what comes and goes is told once', async () => {
  at.state.wrong = [alert('a')]
  await at.passes(60)
  at.state.wrong = []
  await at.passes(20)
  at.state.wrong = [alert('a')]
  await at.passes(2)
  at.state.wrong = []
  await at.passes(29)
  expect(at.calls).toHaveLength(1)
  await at.passes(5)
  expect(at.calls.slice(1)).toMatchObject([
    { event: 'closed', count: 1, text: 'over: a: crashed', alerts: [{ name: 'a' }] },
  ])
  at.state.wrong = [alert('a')]
  await at.passes(60)
  expect(at.calls).toHaveLength(2)
  await at.passes(600)
  expect(at.calls).toHaveLength(3)
})

it('one call at a time: what comes while the command runs is the next call', async () => {
  at.stopped.hangs = true
  at.state.wrong = [alert('a')]
  await at.passes(3)
  at.state.wrong = [alert('a'), alert('b'), alert('c')]
  await at.passes(20)
  expect(at.calls).toHaveLength(1)
  at.stopped.hangs = false
  at.end()
  await at.caller.calling
  await at.passes(3)
  expect(at.calls.slice(1)).toMatchObject([{ count: 2 }])
})

it('that the command fails is an alert and one line, and the same is tried again, ever less often', async () => {
  at.state.outcome = { took: 100, said: [], trouble: label('ended with status 3') }
  at.state.wrong = [alert('a')]
  await at.passes(3)
  expect(at.caller.alerts()).toMatchObject([
    { severity: 'bad', name: 'alerts.run', text: 'nobody is called: /sbin/call ended with status 3' },
  ])
  expect(at.written()).toEqual(['alerts.run: /sbin/call: ended with status 3; nobody was called: a: crashed'])
  await at.passes(63)
  expect(at.calls).toHaveLength(2)
  await at.passes(115)
  expect(at.calls).toHaveLength(2)
  at.state.outcome = { took: 100, said: [] }
  await at.passes(10)
  expect(at.calls).toHaveLength(3)
  // Nobody is called for the command itself.
  expect(at.calls.every(({ count }) => count === 1)).toBe(true)
  expect(at.caller.alerts()).toEqual([])
  expect(at.written().slice(0, 2)).toEqual([
    'alerts.run: /sbin/call: called in 0.1 s: a: crashed',
    'alerts.run: /sbin/call: works again, after 3 min',
  ])
})

it('after this machine slept or was too busy, what is gone in a moment calls nobody, and what stays does', async () => {
  await at.passes(5)
  at.state.now += 10_000
  at.state.wrong = [alert('a'), alert('b')]
  await at.passes(20)
  at.state.wrong = [alert('b')]
  await at.passes(8)
  expect(at.calls).toEqual([])
  await at.passes(5)
  expect(at.calls).toMatchObject([{ count: 1, alerts: [{ name: 'b' }] }])
})

it('after a restart nobody is called again for what was told, and its end is told once hosts have answered', async () => {
  at.book.note([
    {
      id: JSON.stringify(['host', 'a', 'crashed']),
      at: 900_000,
      severity: 'bad',
      text: label('a: crashed'),
      json: { name: 'a' },
    },
  ])
  await at.passes(60)
  expect(at.calls).toEqual([])
  await at.passes(40)
  expect(at.calls).toMatchObject([{ event: 'closed', alerts: [{ name: 'a' }] }])
})
