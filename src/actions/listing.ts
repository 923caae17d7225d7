import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import { sumOf } from '../fleet/frontend/parts.ts'
import { stateText } from '../fleet/machine/conditions.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import { chosen } from './frontend/plan.ts'
import type { Prepared } from './prepare.ts'
import { frontendWords } from './standing.ts'
import { stepLines } from './step-text.ts'
import { nameOf, type Target } from './subjects.ts'

/** What one of several is, in columns: its name, where it is, how it stands; where each goes its own way, that too. */
export function rowOf({ target, answers }: Prepared, now: number): readonly Label[] {
  const name = nameOf(target as Target)
  if ('services' in (target as Target)) {
    const meant = { services: chosen(target as FrontendRecord, answers) }
    const { address } = target as FrontendRecord
    return [
      name,
      label(address),
      frontendWords(meant) ?? say``,
      say`${sumOf(meant, ({ active }) => active)} active`,
    ]
  }
  if ('reals' in (target as Target)) return [name, label((target as ServiceRecord).balancer)]
  if (!('uuid' in (target as Target))) return [name]
  const machine = target as MachineRecord
  const up = machine.startedAt === undefined ? say`` : duration(now - machine.startedAt)
  return [
    name,
    label(machine.host),
    stateText(machine),
    up,
    answers.to ? say`to ${label(answers.to)}` : say``,
  ]
}

/** All commands as they run. Of several machines each is told by its name behind the command, which has its UUID. */
export function planLines(prepared: readonly Prepared[]): Label[] {
  return prepared.flatMap(({ steps, target }) =>
    steps.flatMap((step) => {
      const [first = say``, ...more] = stepLines(step)
      const whose = prepared.length > 1 ? say`${first}  # ${nameOf(target as Target)}` : first
      return [whose, ...more]
    }),
  )
}
