import type { FrontendRecord, FrontendService } from '../fleet/frontend/frontends.ts'
import { stateText } from '../fleet/machine/conditions.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { presentOf, type Subject } from './subjects.ts'

/** How it stands with what is acted on, in a few words; undefined: it is gone, or has no state of its own. */
export function stateOf(subject: Subject, target: unknown, snapshot: Snapshot): Label | undefined {
  const now = presentOf(subject, target, snapshot)
  if (now === undefined) return undefined
  if (subject === 'machine') {
    const machine = now as MachineRecord
    return say`${stateText(machine)} on ${label(machine.host)}`
  }
  return subject === 'frontend' ? frontendState(now as FrontendRecord) : undefined
}

/** `in service, weight 4`, or where its services differ `389: in service, weight 4; 1812: maintenance, weight 0`. */
export function frontendState({ services }: Pick<FrontendRecord, 'services'>): Label | undefined {
  if (!services.length) return undefined
  const one = ({ duty, weight }: FrontendService) => say`${label(duty)}, weight ${weight}`
  const all = services.map(one)
  if (new Set(all).size === 1) return all[0]
  const port = ({ virtual }: FrontendService) => label(/:(\d+)$/.exec(virtual)?.[1] ?? virtual)
  return joined(
    services.map((service) => say`${port(service)}: ${one(service)}`),
    '; ',
  )
}
