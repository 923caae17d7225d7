import { actingOwner, isOwnerUnknown, ownerOf } from '../../fleet/cluster/owner.ts'
import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { clearResource, moveResource, setMeta, untilIdle } from '../../services/pacemaker/verbs.ts'
import type { Step } from '../../services/step.ts'
import type { Change } from '../action.ts'
import { foreseen } from '../cluster/foresight.ts'
import { canBeTold, clusterOf, toldBy } from '../cluster/teller.ts'
import type { Answers, Question } from '../question.ts'
import { movable, movedName } from '../resource/where.ts'
import { presentOf } from '../subjects.ts'

type ChangeOfMachine = Change<MachineRecord>

/** How the cluster that runs a machine does it. */
interface Way {
  /** `true`, or why it cannot be done, also not past the cluster */
  readonly can: (owner: ResourceRecord, snapshot: Snapshot, machine: MachineRecord) => true | Label
  /** the commands; none: it is done to the machine itself, as with any other */
  readonly steps?: (owner: ResourceRecord, answers: Answers, snapshot: Snapshot) => readonly Step[]
}

const setRole = (role: 'Started' | 'Stopped'): NonNullable<Way['steps']> => {
  return (owner, _answers, snapshot) => [setMeta(toldBy(owner, snapshot), owner.rawName, 'target-role', role)]
}

const isStopped = ({ targetRole }: ResourceRecord) => targetRole === 'Stopped'

const ways: Readonly<Record<string, Way>> = {
  start: {
    can: (owner, snapshot) =>
      isStopped(owner)
        ? canBeTold(owner, snapshot)
        : say`its cluster wants it started already: look at its resource ${owner.name}`,
    steps: setRole('Started'),
  },
  shutdown: { can: canBeTold, steps: setRole('Stopped') },
  migrate: {
    can: movable,
    steps: (owner, { to = '' }, snapshot) => {
      const [host, name] = [toldBy(owner, snapshot), movedName(owner)]
      return [moveResource(host, name, to, undefined), untilIdle(host), clearResource(host, name)]
    },
  },
  // With its role Stopped the cluster does not start it again.
  off: {
    can: (owner) =>
      isStopped(owner) || say`its cluster would start it again (resource ${owner.name}): shut it down`,
  },
  // Both would start it, each on a host of its own.
  autostart: {
    can: (owner, _snapshot, { autostart }) =>
      autostart || say`its cluster starts it (resource ${owner.name})`,
  },
  undefine: {
    can: (owner) => say`its cluster needs it (resource ${owner.name}): take it out of that first`,
  },
}

/** Where a cluster may take it to. */
function toNode(question: Question<MachineRecord>): Question<MachineRecord> {
  return {
    ...question,
    refuses: (value, machine, snapshot, now, answers, together) => {
      const owner = actingOwner(machine, snapshot)
      const node = owner && clusterOf(owner, snapshot)?.nodes.find(({ name }) => name === label(value))
      if (owner && value !== 'each' && !node) return say`it is no node of its cluster`
      if (node && node.state !== 'online') return say`it is ${label(node.state)} in its cluster`
      return question.refuses?.(value, machine, snapshot, now, answers, together)
    },
  }
}

/** A machine that a cluster runs has no storage to choose: its resource says how it moves. */
function unlessOwned(question: Question<MachineRecord>): Question<MachineRecord> {
  return {
    ...question,
    when: (machine, answers, snapshot) =>
      !actingOwner(machine, snapshot) && (question.when?.(machine, answers, snapshot) ?? true),
  }
}

/**
 * Lets the cluster that runs a machine start, stop and move it: what is done past it, it undoes or takes for a failure. What is not managed now, and what no
 * cluster runs, is done to as ever.
 */
export function byItsOwner(change: ChangeOfMachine): ChangeOfMachine {
  const way = ways[change.verb]
  if (!way) return change
  const { steps } = way
  const isMove = change.verb === 'migrate'
  const told: Partial<ChangeOfMachine> = steps
    ? {
        foresees: foreseen,
        plan: (machine, answers, context) => {
          const owner = actingOwner(machine, context.snapshot)
          return owner ? steps(owner, answers, context.snapshot) : change.plan(machine, answers, context)
        },
      }
    : {}
  const moved: Partial<ChangeOfMachine> = isMove
    ? {
        asks: change.asks.map((one) => (one.id === 'to' ? toNode(one) : unlessOwned(one))),
        settled: (machine, answers, snapshot, began) => {
          const now = presentOf('machine', machine, snapshot)
          const owner = now && ownerOf(now, snapshot)
          return owner?.rules.length ? undefined : change.settled?.(machine, answers, snapshot, began)
        },
      }
    : {}
  return {
    ...change,
    ...told,
    ...moved,
    available: (machine, context) => {
      const can = change.available(machine, context)
      const owner = can === true ? actingOwner(machine, context.snapshot) : undefined
      return owner ? way.can(owner, context.snapshot, machine) : can
    },
    warns: (machine, answers, snapshot, together) => [
      ...ownerTexts(machine, snapshot, isMove),
      ...(change.warns?.(machine, answers, snapshot, together) ?? []),
    ],
    ...(change.undo
      ? {
          undo: (machine, answers, before) => {
            const owner = actingOwner(machine, before)
            // A cluster makes it anew: until then no hypervisor knows it.
            return owner && change.verb === 'shutdown'
              ? { verb: 'enable', answers: {}, targets: [owner.id] }
              : change.undo?.(machine, answers, before)
          },
        }
      : {}),
  }
}

/** Who does it, or why nobody does it for the machine. */
function ownerTexts(machine: MachineRecord, snapshot: Snapshot, isMove: boolean): Label[] {
  const owner = ownerOf(machine, snapshot)
  if (!owner)
    return isOwnerUnknown(machine, snapshot)
      ? [say`whether a cluster runs it is not known: no node tells`]
      : []
  if (!actingOwner(machine, snapshot))
    return [say`its cluster leaves it alone now (resource ${owner.name}): it is done past the cluster`]
  return [
    say`it is the resource ${owner.name} of the cluster ${label(owner.cluster)}`,
    ...(isMove && !owner.machine?.isLive
      ? [say`it is stopped and started there, not moved live (allow-migrate)`]
      : []),
  ]
}
