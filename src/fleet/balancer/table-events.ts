import { type Label, label, say } from '../../hosts/label.ts'
import type { LvsReading, RealServer, VirtualService } from '../../services/lvs/facts.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import type { Ref } from '../ref.ts'
import { placeOf } from './did.ts'
import type { BalancerRecord } from './record.ts'

/** Milliseconds between a change of a weight and the log line that explains it, in either order. */
const explained = 3_000

/** What is otherwise in a table than before, but for what ldirectord's log tells. */
export function tableEvents(before: LvsReading, { lvs, lastDid }: BalancerRecord): FleetEvent[] {
  if (!lvs) return []
  const { host, at } = lvs
  const old = new Map(before.services.map((service) => [service.id, service]))
  const changed = lvs.services.flatMap((service) => {
    const was = old.get(service.id)
    return was ? realEvents(was, service) : []
  })
  const isNews = ({ key }: Keyed) =>
    Math.abs(at - (lastDid.get(key)?.at ?? Number.NEGATIVE_INFINITY)) > explained
  return changed
    .filter(isNews)
    .map(({ about, type, text }): FleetEvent => ({ about, host, severity: 'info', type, text }))
}

interface Keyed {
  readonly key: string
  readonly about: Ref
  readonly type: EventType
  readonly text: Label
}

function realEvents(before: VirtualService, after: VirtualService): Keyed[] {
  const old = new Map(before.reals.map((real) => [real.id, real]))
  const now = new Map(after.reals.map((real) => [real.id, real]))
  const place = placeOf(after)
  const key = ({ id }: RealServer) => ({
    key: `${place} ${id}`,
    about: { kind: 'service', id: after.id } as const,
  })
  return [
    ...after.reals.flatMap((real): Keyed[] => {
      const was = old.get(real.id)
      if (!was)
        return [
          {
            ...key(real),
            type: 'frontend.added',
            text: say`${label(real.id)} added to ${label(place)}, weight ${real.weight}`,
          },
        ]
      if (was.weight === real.weight) return []
      return [
        {
          ...key(real),
          type: weightType(was.weight, real.weight),
          text: say`${label(real.id)} in ${label(place)}: weight ${was.weight} to ${real.weight}`,
        },
      ]
    }),
    ...before.reals
      .filter(({ id }) => !now.has(id))
      .map((real) => ({
        ...key(real),
        type: 'frontend.removed' as const,
        text: say`${label(real.id)} removed from ${label(place)}`,
      })),
  ]
}

/** From and to 0 nobody is sent there, or people are again. */
function weightType(was: number, is: number): EventType {
  return is === 0 ? 'frontend.out' : was === 0 ? 'frontend.in' : 'weight.changed'
}
