import { label, say } from '../../hosts/label.ts'
import type { LvsReading } from '../../services/lvs/facts.ts'
import { happening } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import { type Gap, pauseText } from '../pause.ts'
import { hostConcern } from '../ref.ts'

/** Who had an address last, and whether it gave it up since. */
export interface Held extends Gap {
  readonly host: string
}

/** The same after a reading of one balancer, of the addresses that services are known by. */
export function heldNow(
  before: ReadonlyMap<string, Held>,
  { host, at, addresses }: LvsReading,
  known: ReadonlySet<string>,
): ReadonlyMap<string, Held> {
  return new Map(
    [...known].flatMap((address): [string, Held][] => {
      if (addresses.has(address)) return [[address, { host, lastAt: at }]]
      const held = before.get(address)
      if (!held) return []
      return [[address, held.host === host ? { goneAt: at, ...held } : held]]
    }),
  )
}

/** A failover, as seen from one side; who takes it knows for how long nobody had it. */
export function addressEvents(
  { host, at, addresses }: LvsReading,
  { at: beforeAt, took = 0 }: LvsReading,
  moved: readonly string[],
  held: ReadonlyMap<string, Held>,
): FleetEvent[] {
  const sinceWhom = (address: string) => {
    const last = held.get(address)
    if (!last || (last.host === host && last.goneAt === undefined)) return say``
    const from = last.host === host ? say`again` : say`from ${label(last.host)}`
    // It did not have it itself when it was read before.
    const gap = last.goneAt === undefined ? last : { ...last, goneTill: beforeAt - took }
    return say` ${from}; nobody had it for ${pauseText(gap, at)}`
  }
  return moved.map((address) => {
    const isTaken = addresses.has(address)
    const text = isTaken
      ? say`has taken the address ${label(address)}${sinceWhom(address)}`
      : say`has given up the address ${label(address)}`
    const type = isTaken ? 'address.moved' : 'address.released'
    return { ...happening(hostConcern(host)), severity: 'warning', type, text }
  })
}
