import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/fleet/alerts/alert.ts'
import { Incidents } from '../../../src/fleet/incident/incidents.ts'
import { Ties } from '../../../src/fleet/incident/ties.ts'
import { Unseen } from '../../../src/fleet/incident/unseen.ts'
import { incidentText, lastedFor } from '../../../src/fleet/incident/words.ts'
import { hostConcern } from '../../../src/fleet/ref.ts'
import { say } from '../../../src/hosts/label.ts'
import { incidentJson } from '../../../src/views/incident/json.ts'
import { reportOf } from '../../../src/views/incident/report.ts'
import { entry, incidentsOf, members, morning } from './support.ts'

const hosts = members.map(({ name }) => ({ name }) as never)
const all = new Set(members.map(({ name }) => name))

const wrong = (host: string, more: Partial<Alert> = {}): Alert => ({
  ...hostConcern(host),
  severity: 'warning',
  what: 'something',
  text: say`is wrong`,
  advice: say``,
  ...more,
})

/** What is told at each of these seconds after the first look. */
function told(alerts: readonly Alert[], answered: ReadonlySet<string>, ...seconds: number[]) {
  const incidents = incidentsOf(
    entry(0, 'address.nowhere', { host: 'lb1', text: '10.9.0.100: held by nobody' }),
  )
  const seenAt = new Map([...answered].map((name) => [name, 1]))
  const unseen = new Unseen(new Ties(members))
  return seconds.map((second) => unseen.over({ incidents, hosts, seenAt }, alerts, second * 1000).length)
}

describe('an incident whose end nobody saw', () => {
  it('is over where nothing is wrong with its hosts, when that has lasted', () => {
    expect(told([], all, 0, 30, 59, 60)).toEqual([0, 0, 0, 1])
    expect(told([wrong('fe1')], all, 0, 60)).toEqual([0, 1])
    expect(told([wrong('lb2', { isMeasured: true })], all, 0, 60)).toEqual([0, 1])
  })

  it('is open where anything is, or a host that stands or falls with them has not answered', () => {
    expect(told([wrong('lb2')], all, 0, 60, 120)).toEqual([0, 0, 0])
    expect(told([], new Set([...all].filter((name) => name !== 'lb2')), 0, 60, 120)).toEqual([0, 0, 0])
  })

  it('is looked at anew when something was wrong in between', () => {
    const incidents = incidentsOf(entry(0, 'host.lost', { host: 'fe1' }))
    const seenAt = new Map([...all].map((name) => [name, 1]))
    const unseen = new Unseen(new Ties(members))
    const at = (second: number, ...alerts: Alert[]) =>
      unseen.over({ incidents, hosts, seenAt }, alerts, second * 1000).length
    expect([at(0), at(40, wrong('fe1')), at(50), at(100), at(110)]).toEqual([0, 0, 0, 0, 1])
  })

  it('says that it is over, and nowhere how long it lasted', () => {
    const failed = entry(0, 'host.lost', { host: 'fe1' })
    const [open] = incidentsOf(failed)
    if (!open) throw new Error('no incident')
    const seenAt = new Map([...all].map((name) => [name, 1]))
    const unseen = new Unseen(new Ties(members))
    const over = (now: number) => unseen.over({ incidents: [open], hosts, seenAt }, [], now)
    over(0)
    const [event] = over(60_000)
    const { about, host, text } = event ?? {}
    const seen = entry(7200, 'incident.over', {
      host: `${host}`,
      text: `${text}`,
      ...(about ? { about } : {}),
    })
    const [one] = incidentsOf(failed, seen)
    if (!one) throw new Error('no incident')
    expect(one.open).toEqual([])
    expect(one.restored).toBeUndefined()
    expect(lastedFor(one, morning)).toBe('< 3 h')
    expect(incidentText(one)).toContain('; over, and nobody saw its end')
    expect(incidentJson(one)).toMatchObject({
      state: 'over',
      restoredAt: null,
      restoredAfterSeconds: null,
      overBefore: '2026-11-22T08:00:00.000Z',
    })
    expect(reportOf(one, morning)).toContain('- over before 2026-11-22T08:00:00.000Z: nobody saw its end')
    // A log may tell of the true end later.
    const incidents = new Incidents(new Ties(members))
    incidents.take([failed, seen])
    incidents.take([entry(9, 'host.back', { host: 'fe1' })])
    expect(incidents.list[0]).toMatchObject({ restored: { at: morning + 9000 }, open: [] })
    expect(incidents.list[0]?.overBefore).toBeUndefined()
    // It fails again.
    expect(incidentsOf(failed, seen, entry(7260, 'host.lost', { host: 'fe1' }))).toMatchObject([
      { times: 2, open: [{ type: 'host.lost' }] },
    ])
  })
})
