import type { Snapshot } from '../../fleet/snapshot.ts'
import { addressOf } from '../../services/ldirectord/maintenance.ts'
import type { Change, Undo } from '../action.ts'
import type { Answers } from '../question.ts'
import { addSteps, type NewMember } from './member-plan.ts'
import { areIn, newcomerWarnings, remarksOnNew, whyNotIn } from './new-member.ts'

/** The common part of actions that add real servers to services. */
export function joining<T>(
  members: (target: T, answers: Answers, snapshot: Snapshot) => readonly NewMember[],
) {
  return {
    kind: 'change',
    group: 'duty',
    risk: 'disruptive',
    patience: 60,
    oneByOne: true,
    warns: (target, answers, snapshot) => newcomerWarnings(members(target, answers, snapshot), snapshot),
    plan: (target, answers, { fleet, snapshot }) =>
      addSteps(members(target, answers, snapshot), snapshot, fleet),
    settled: (target, answers, snapshot) => areIn(members(target, answers, snapshot), snapshot),
    unseen: (target, answers, snapshot) => whyNotIn(members(target, answers, snapshot), snapshot),
    remark: (target, answers, snapshot) => remarksOnNew(members(target, answers, snapshot), snapshot),
    undo: (target, answers, before) => removal(members(target, answers, before), before),
  } satisfies Partial<Change<T>>
}

/** The undo that removes what was added; none where it would also remove what was there before. */
function removal(members: readonly NewMember[], { frontends }: Snapshot): Undo | undefined {
  const [first] = members
  if (!first) return undefined
  const address = addressOf(first.id)
  const before = frontends.find((one) => one.address === address)?.services ?? []
  const isAll = members.length > 1
  if (before.some(({ virtual }) => isAll || virtual === first.virtual)) return undefined
  return { verb: 'remove', answers: { service: isAll ? 'all' : first.virtual }, targets: [address] }
}
