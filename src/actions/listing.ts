import { sumOf } from '../fleet/frontend/parts.ts'
import { stateText } from '../fleet/machine/conditions.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import { chosen } from './frontend/plan.ts'
import { frontendWords } from './frontend/standing.ts'
import type { Prepared } from './prepare.ts'
import type { Answers } from './question.ts'
import { resourceWords } from './resource/standing.ts'
import { stepLines } from './step-text.ts'
import { nameOf, type Subject, type Target, type Targets } from './subjects.ts'

/** The columns beside the name, by kind. */
const columns: { readonly [S in Subject]: (target: Targets[S], answers: Answers, now: number) => Label[] } = {
  machine: (machine, { to }, now) => [
    label(machine.host),
    stateText(machine),
    machine.startedAt === undefined ? say`` : duration(now - machine.startedAt),
    to ? say`to ${label(to)}` : say``,
  ],
  host: () => [],
  frontend: (frontend, answers) => {
    const meant = { services: chosen(frontend, answers) }
    const active = sumOf(meant, (one) => one.active)
    return [label(frontend.address), frontendWords(meant) ?? say``, say`${active} active`]
  },
  service: ({ balancer }) => [label(balancer)],
  balancer: () => [],
  session: ({ user, terminal, machine }, { to }) => [
    user,
    terminal,
    machine.name,
    to ? say`to ${label(to)}` : say``,
  ],
  display: ({ user, channel }, { to }) => [
    user ?? say``,
    channel?.terminal ?? say``,
    channel?.machine.name ?? say``,
    to ? say`to ${label(to)}` : say``,
  ],
  node: ({ state, runs }) => [label(state), say`runs ${runs}`],
  resource: (resource, { to }) => [resourceWords(resource), to ? say`to ${label(to)}` : say``],
}

/** One of several targets in columns: its name, where it is, its state, and its own target of a migration. */
export function rowOf({ action, target, answers }: Prepared, now: number): readonly Label[] {
  const of: (target: never, answers: Answers, now: number) => Label[] = columns[action.subject]
  return [nameOf(target as Target), ...of(target as never, answers, now)]
}

/** All commands in their order. With several machines, the name follows each command, which has only the UUID. */
export function planLines(prepared: readonly Prepared[]): Label[] {
  return prepared.flatMap(({ steps, target }) =>
    steps.flatMap((step) => {
      const [first = say``, ...more] = stepLines(step)
      const whose = prepared.length > 1 ? say`${first}  # ${nameOf(target as Target)}` : first
      return [whose, ...more]
    }),
  )
}
