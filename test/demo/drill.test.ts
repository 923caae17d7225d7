import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carryOut } from '../../src/actions/drill/carry-out.ts'
import type { DrillKind } from '../../src/actions/drill/kind.ts'
import { drillKinds } from '../../src/actions/drill/kinds.ts'
import { objectsOf } from '../../src/actions/subjects.ts'
import type { DrillRecord, Result } from '../../src/fleet/drill/record.ts'
import { targetOf } from '../../src/fleet/load/targets.ts'
import { say } from '../../src/hosts/label.ts'
import { drillJson, isAgreed } from '../../src/views/drill/report.ts'
import { freeze, pass, passUntil, thaw } from '../support/frozen.ts'
import { stage } from '../support/stage.tsx'

// The whole of a drill, on the made-up cluster whose time goes as it is let.

let at: ReturnType<typeof stage>
beforeEach(async () => {
  freeze()
  at = stage()
  await pass(6_000)
})
afterEach(async () => {
  await at.end()
  thaw()
})

/** What would be done to the one of this name. */
function planned(kind: string, name: string, how: string) {
  const { fleet } = at
  const snapshot = fleet.snapshot()
  const found = drillKinds.find((one) => one.name === kind) as DrillKind | undefined
  const subject = found && objectsOf(found.subject, snapshot).find((one) => one.name === name)
  if (!found || !subject) throw new Error(`no ${kind} ${name}`)
  const targets = snapshot.services
    .map((one) => targetOf(one, fleet))
    .filter((one) => typeof one !== 'string')
  return found.plan(subject as never, how, { fleet, snapshot, targets })
}

/** Holds it; each different record that was seen of it, and how it came out. */
async function hold(kind: string, name: string, how: string, seconds = 6) {
  const { fleet } = at
  const drill = planned(kind, name, how)
  if (typeof drill === 'string') throw new Error(drill)
  const records: DrillRecord[] = []
  const stop = fleet.subscribe(() => {
    const [newest] = fleet.snapshot().drills
    if (newest && newest !== records.at(-1)) records.push(newest)
  })
  const signal = new AbortController().signal
  const options = { how, seconds, connections: 10, rate: 20, who: say`ada`, tell: () => {}, signal }
  const result = await passUntil<Result>(carryOut(drill, fleet, options))
  await pass(200)
  stop()
  return { records, result }
}

describe('a drill in the demo', () => {
  it('kills a slapd: the check fails, ldirectord takes it out, and it comes back', async () => {
    const { records, result } = await hold('frontend', 'fe2', 'kill')
    const json = drillJson(result) as unknown as Record<string, number>
    expect(json).toMatchObject({ frontend: 'fe2', restored: true, agrees: true })
    expect(isAgreed(result)).toBe(true)
    expect(json.checkSeconds).toBeGreaterThan(0)
    expect(json.checkSeconds).toBeLessThan(0.5)
    // Its checks are 2 s apart.
    expect(json.outSeconds).toBeGreaterThan(0)
    expect(json.outSeconds).toBeLessThan(2.2)
    expect(json.backSeconds).toBeCloseTo(6, 0)
    expect(json.inSeconds).toBeGreaterThan(6)
    expect(result.clients?.failed).toBeGreaterThan(0)
    expect(result.lastFailed).toBeLessThan((json.outSeconds ?? 0) * 1_000 + 300)
    expect([...new Set(records.map(({ phase }) => phase))]).toEqual([
      'before',
      'told',
      'broken',
      'back',
      'over',
    ])
    // What was seen is there when it is seen, and not before.
    const first = records.find(({ phase }) => phase === 'broken')
    expect(first?.result?.home[0]?.seen).toBeUndefined()
    expect(records.some(({ serving }) => serving === 'fe1, fe3 in service; fe2 failed')).toBe(true)
    const load = records.at(-1)?.perSecond ?? []
    expect(load.length).toBeGreaterThan(10)
    expect(load.reduce((sum, { count }) => sum + count.failed, 0)).toBe(result.clients?.failed)
    // The process that is there then is another one.
    const [again] = at.fleet.snapshot().processes.get('fe2') ?? []
    expect([again?.name, again?.pid === 612]).toEqual(['slapd', false])
  })

  it('stops a slapd: who waits for it fails, until ldirectord gives it up', async () => {
    const { result } = await hold('frontend', 'fe1', 'stop', 8)
    expect(drillJson(result)).toMatchObject({ frontend: 'fe1', restored: true })
    const out = result.away.find(({ id }) => id === 'out')?.seen?.at ?? 0
    expect(out - result.seen.broken.at).toBeGreaterThan(3_000)
    expect(result.seen.outcomes.some(({ why }) => why === 'LDAP: no answer in 1 s')).toBe(true)
  })

  it('cuts a link: the host says only afterwards what it did, and until then that it was told to is what is shown', async () => {
    const { records, result } = await hold('link', 'fe2', 'cut')
    const told = records.filter(({ phase }) => phase === 'told')
    expect(told.some(({ result }) => result?.seen.isUnsaid && result.away.some(({ seen }) => seen))).toBe(
      true,
    )
    expect(result.seen.isUnsaid).toBeUndefined()
    expect(drillJson(result)).toMatchObject({ link: 'fe2', restored: true })
  })

  it('puts a node of the cluster on standby: the other takes the address over', async () => {
    const { result } = await hold('node', 'lb1', 'standby')
    expect(drillJson(result)).toMatchObject({ node: 'lb1', restored: true })
    expect(result.away[0]?.seen).toBeDefined()
  })

  it('breaks nothing where nobody else would serve', () => {
    for (const { maintenance } of at.world.balancing.balancers)
      for (const { address, name } of at.world.balancing.frontends)
        if (name !== 'fe2') maintenance.add(address)
    return pass(4_000).then(() => {
      expect(planned('frontend', 'fe2', 'kill')).toMatch(/nobody else serves/)
    })
  })

  it('is given up with its reason, and the host puts it back all the same', async () => {
    const { fleet } = at
    const drill = planned('frontend', 'fe2', 'kill')
    if (typeof drill === 'string') throw new Error(drill)
    const end = new AbortController()
    const options = {
      how: 'kill',
      seconds: 6,
      connections: 10,
      rate: 20,
      who: say`ada`,
      tell: () => {},
      signal: end.signal,
    }
    const holding = carryOut(drill, fleet, options)
    const failed = holding.catch((error: unknown) => error)
    await pass(6_000)
    expect(fleet.snapshot().drills[0]?.phase).toBe('broken')
    end.abort(new Error('Ctrl-C'))
    await passUntil(failed)
    expect(fleet.snapshot().drills[0]).toMatchObject({ phase: 'ended', why: 'Ctrl-C' })
    expect(at.world.daemons.pidOf('fe2', 'slapd')).toBeUndefined()
    await pass(8_000)
    expect(at.world.daemons.pidOf('fe2', 'slapd')).toBeDefined()
  })
})
