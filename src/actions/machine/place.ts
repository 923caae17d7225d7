import { asOn, placedOn } from '../../fleet/machine/places.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Step } from '../../services/step.ts'
import type { Change, Context } from '../action.ts'
import type { Answers, Question } from '../question.ts'

type ChangeOfMachine = Change<MachineRecord>

/** Its host does not answer, so another host with its definition may be named to start it. */
function hostIsSilent({ host }: MachineRecord, { hosts }: Snapshot): boolean {
  return hosts.find(({ name }) => name === host)?.reachable === false
}

function names(machine: MachineRecord): readonly string[] {
  return machine.runsTwice ?? [machine.host, ...machine.alsoOn]
}

/** Asks which host is meant where a machine runs on several. There is no default: it is named, or nothing is done. */
function whichHost(startsElsewhere: boolean): Question<MachineRecord> {
  const isOpen = (machine: MachineRecord, snapshot: Snapshot) =>
    startsElsewhere && machine.alsoOn.length > 0 && hostIsSilent(machine, snapshot)
  return {
    id: 'host',
    text: say`On which host? It runs on several at once, or its own does not answer`,
    value: 'HOST',
    names: 'host',
    usual: 'its own',
    when: (machine, _answers, snapshot) => machine.runsTwice !== undefined || isOpen(machine, snapshot),
    choices: (machine) =>
      names(machine).map((name) => ({
        value: name,
        title: label(name),
        note: say`${label(placedOn(machine, name)?.state ?? 'unknown')}`,
      })),
    unanswered: (machine) =>
      machine.runsTwice
        ? say`it runs on ${label(machine.runsTwice.join(' and '))} at once; --host says which is meant`
        : say`${label(machine.host)} does not answer; it is known on ${label(machine.alsoOn.join(', '))} too: --host says which is meant`,
    refuses: (value, machine, snapshot) => {
      if (!placedOn(machine, value)) return say`${label(value)} does not know it`
      const can = names(machine).includes(value) && (machine.runsTwice || isOpen(machine, snapshot))
      return can || value === machine.host ? undefined : say`it is on ${label(machine.host)}`
    },
  }
}

/**
 * Adds the question which host is meant. With an answer, the change sees the machine and the snapshot as that host tells of it, so that
 * no change has to know that a machine can be in two places.
 */
export function onItsHost(change: ChangeOfMachine): ChangeOfMachine {
  const there = (machine: MachineRecord, { host }: Answers) =>
    (host === undefined ? undefined : placedOn(machine, host)) ?? machine
  const world = (snapshot: Snapshot, { uuid }: MachineRecord, { host }: Answers) =>
    host === undefined ? snapshot : asOn(snapshot, uuid, host)
  const kept = <R extends { readonly answers: Answers } | undefined>(result: R, { host }: Answers): R =>
    result && host !== undefined ? { ...result, answers: { ...result.answers, host } } : result
  const seen = <Rest extends unknown[], R>(
    of: ((machine: MachineRecord, answers: Answers, snapshot: Snapshot, ...rest: Rest) => R) | undefined,
  ) =>
    of &&
    ((machine: MachineRecord, answers: Answers, snapshot: Snapshot, ...rest: Rest) =>
      of(there(machine, answers), answers, world(snapshot, machine, answers), ...rest))
  const asked = <Rest extends unknown[], R>(
    of: (machine: MachineRecord, answers: Answers, context: Context, ...rest: Rest) => R,
  ) => {
    return (machine: MachineRecord, answers: Answers, context: Context, ...rest: Rest) =>
      of(
        there(machine, answers),
        answers,
        { ...context, snapshot: world(context.snapshot, machine, answers) },
        ...rest,
      )
  }
  const { riskWith, next } = change
  const which = whichHost(change.verb === 'start')
  const wrapped = {
    asks: [which, ...change.asks.map(question(there, world))],
    available: (machine: MachineRecord, context: Context) => {
      const open = which.when?.(machine, {}, context.snapshot)
      const places = open ? names(machine).flatMap((name) => placedOn(machine, name) ?? []) : [machine]
      const answers = places.map((place) => change.available(place, context))
      return answers.find((can) => can === true) ?? answers[0] ?? say`it is gone`
    },
    forbids: asked((machine, _answers, context) => {
      const can = change.available(machine, context)
      return can === true ? undefined : can
    }),
    plan: asked(change.plan),
    riskWith:
      riskWith &&
      ((answers: Answers, machine: MachineRecord, snapshot: Snapshot, together: readonly MachineRecord[]) =>
        riskWith(answers, there(machine, answers), world(snapshot, machine, answers), together)),
    insists: seen(change.insists),
    warns: seen(change.warns),
    settled: seen(change.settled),
    holds: seen(change.holds),
    resolve: seen(change.resolve),
    objection: change.objection && asked(change.objection),
    progress: seen(change.progress),
    remark: seen(change.remark),
    unseen: seen(change.unseen),
    undo:
      change.undo &&
      ((machine: MachineRecord, answers: Answers, before: Snapshot) =>
        kept(seen(change.undo)?.(machine, answers, before), answers)),
    next:
      next &&
      ((machine: MachineRecord, answers: Answers, ...rest: [Label, readonly Step[]]) =>
        kept(next(there(machine, answers), answers, ...rest), answers)),
  }
  const given = Object.entries(wrapped).filter(([, value]) => value !== undefined)
  return { ...change, ...Object.fromEntries(given) } as ChangeOfMachine
}

function question(
  there: (machine: MachineRecord, answers: Answers) => MachineRecord,
  world: (snapshot: Snapshot, machine: MachineRecord, answers: Answers) => Snapshot,
) {
  return (one: Question<MachineRecord>): Question<MachineRecord> => {
    const { when, choices, default: own } = one
    const judged = (of: Question<MachineRecord>['wrong']): Question<MachineRecord>['wrong'] =>
      of &&
      ((value, machine, snapshot, now, answers, together) =>
        of(value, there(machine, answers), world(snapshot, machine, answers), now, answers, together))
    const [wrong, refuses] = [judged(one.wrong), judged(one.refuses)]
    return {
      ...one,
      ...(when && {
        when: (machine, answers, snapshot) =>
          when(there(machine, answers), answers, world(snapshot, machine, answers)),
      }),
      ...(choices && {
        choices: (machine, snapshot, now, answers, together) =>
          choices(there(machine, answers), world(snapshot, machine, answers), now, answers, together),
      }),
      ...(typeof own === 'function' && {
        default: (machine, snapshot, now, answers) =>
          own(there(machine, answers), world(snapshot, machine, answers), now, answers),
      }),
      ...(wrong && { wrong }),
      ...(refuses && { refuses }),
    }
  }
}
