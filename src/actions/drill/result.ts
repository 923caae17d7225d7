import type { Incident } from '../../fleet/incident/record.ts'
import type { Entry } from '../../fleet/journal/journal.ts'
import type { Outcome } from '../../fleet/load/tally.ts'
import type { Label } from '../../hosts/label.ts'
import type { How } from './breaking.ts'

/** A time by the console's clock, and what it may be wrong by; milliseconds, since the epoch. */
export interface At {
  readonly at: number
  readonly uncertainty: number
}

/** What was seen of a drill. All times are the console's, in milliseconds since the epoch. */
export interface Seen {
  /** the host of the front end */
  readonly host: string
  readonly how: How
  /** its place in the service on which there was load: `10.9.0.11:389` */
  readonly real: string
  readonly virtual: Label
  readonly began: number
  readonly ended: number
  readonly broken: At
  /** none: the host has not said so */
  readonly back?: At
  /** the weights that the balancer gave it, from the first one that was seen on */
  readonly weights: readonly (At & { readonly weight?: number })[]
  readonly outcomes: readonly Outcome[]
  /** of the journal, since shortly before */
  readonly entries: readonly Entry[]
  readonly incidents: readonly Incident[]
}

/** A time that was measured beside vdd, and the one that its journal has for the same. */
export interface Compared {
  readonly what: 'fault' | 'out' | 'in'
  readonly measured: At
  /** none: its timeline lacks it */
  readonly told?: number
}

/** How a drill came out: milliseconds since it was broken. */
export interface Result {
  readonly seen: Seen
  /** vdd's own check failed */
  readonly check?: number
  /** the balancer sent nobody there any more */
  readonly out?: number
  /** the last request failed that did */
  readonly lastFailed?: number
  /** requests that became due from then on until it was put back, and how many of them failed */
  readonly clients: { readonly all: number; readonly failed: number }
  /** it was put back */
  readonly back?: number
  /** the balancer sends people there again */
  readonly in?: number
  readonly compared: readonly Compared[]
  readonly incident?: Incident
}

/** Milliseconds by which vdd's times may be wrong, beside what the measuring itself may be wrong by. */
export const agreed = 200
/** Milliseconds: clocks of which little is known may put an event before its cause. */
const before = 500

export function resultOf(seen: Seen): Result {
  const { host, real, broken, back, weights, outcomes, entries, incidents, ended } = seen
  const later = entries.filter(({ at }) => at >= broken.at - before).sort((a, b) => a.at - b.at)
  const own = later.find((one) => one.type === 'directory.failed' && one.host === host)
  const isOfReal = ({ text }: Entry) => text.startsWith(`${real} `)
  const out = weights.find(({ at, weight }) => at >= broken.at - before && !weight)
  const restored = out && weights.find(({ at, weight }) => at > out.at && weight)
  const told = (type: 'out' | 'in') =>
    later.find(
      (one) =>
        (one.type === `frontend.${type}` || (type === 'out' && one.type === 'frontend.removed')) &&
        isOfReal(one),
    )
  const incident = incidents.find(({ entries }) =>
    entries.some(({ id }) => own?.id === id || told('out')?.id === id),
  )
  const hit = outcomes.filter(({ due }) => due >= broken.at && due <= (back?.at ?? ended))
  // What was under way when it broke was hit, too.
  const failed = outcomes.filter(
    ({ due, ended, why }) => why && ended >= broken.at && due <= (back?.at ?? seen.ended),
  )
  const last = Math.max(...failed.map((one) => one.ended))
  const compare = (what: Compared['what'], measured: At | undefined, at: number | undefined): Compared[] =>
    measured ? [{ what, measured, ...(at === undefined ? {} : { told: at }) }] : []
  const toldIn = told('in')
  // One that comes and goes may have begun long before.
  const isOfThis = (one: Incident | undefined): one is Incident =>
    one !== undefined && one.fault.at >= broken.at - before
  return {
    seen,
    clients: { all: Math.max(hit.length, failed.length), failed: failed.length },
    ...(own ? { check: own.at - broken.at } : {}),
    ...(out ? { out: out.at - broken.at } : {}),
    ...(failed.length ? { lastFailed: last - broken.at } : {}),
    ...(back ? { back: back.at - broken.at } : {}),
    ...(restored ? { in: restored.at - broken.at } : {}),
    compared: [
      ...compare('fault', broken, isOfThis(incident) ? incident.fault.at : own?.at),
      ...compare('out', out, told('out')?.at),
      ...compare('in', restored, toldIn?.at),
    ],
    ...(incident ? { incident } : {}),
  }
}

/** Whether vdd's time is the one that was measured, as far as both can be known. */
export function agrees({ measured, told }: Compared): boolean {
  return told !== undefined && Math.abs(told - measured.at) <= agreed + measured.uncertainty
}
