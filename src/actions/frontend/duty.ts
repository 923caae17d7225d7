import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import { amissTexts } from '../../fleet/service/virtual-services.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Change, FrontendAction } from '../action.ts'
import type { Answers } from '../question.ts'
import { presentOf } from '../subjects.ts'
import {
  common,
  countingFor,
  lastOne,
  leftOut,
  only,
  readable,
  remarks,
  weightQuestion,
  whichService,
} from './common.ts'
import {
  byFile,
  chosen,
  cuts,
  drainSteps,
  entriesOf,
  isKeptOut,
  isLast,
  isTakenOut,
  leavesOne,
  restoreSteps,
  unwritableWeight,
  weightStep,
} from './plan.ts'
import { whoPutsBack } from './put-back.ts'

/** Whether this holds for every chosen service. A service that vanished from the table (a restart empties it) does not hold. */
function holdsForAll(
  frontend: FrontendRecord,
  answers: Answers,
  snapshot: Snapshot,
  test: (service: FrontendService) => boolean,
): boolean {
  const now = servicesNow(frontend, answers, snapshot)
  const wanted = chosen(frontend, answers)
  return wanted.every(({ virtual, real }) =>
    now.some((one) => one.virtual === virtual && one.real === real && test(one)),
  )
}

function servicesNow(
  frontend: FrontendRecord,
  answers: Answers,
  snapshot: Snapshot,
): readonly FrontendService[] {
  const now = presentOf('frontend', frontend, snapshot)
  return now ? chosen(now, answers) : []
}

const isOut = ({ weight }: FrontendService) => weight === 0
const openOnes = (services: readonly FrontendService[]) =>
  services.reduce((sum, { active }) => sum + active, 0)

const connections = (open: number) => (open === 1 ? say`1 connection` : say`${open} connections`)

/** Whether ldirectord deletes it for its maintenance: what is open hangs then. */
function deletes(frontend: FrontendRecord, answers: Answers, snapshot: Snapshot): boolean {
  return answers.how === 'maintenance' && entriesOf(frontend, answers, snapshot).some(cuts)
}

const drain: Change<FrontendRecord> = {
  ...common,
  verb: 'drain',
  key: 'd',
  title: 'Drain',
  help: 'Takes a front end out: no new connections, the open ones go on to their end.',
  risk: 'disruptive',
  patience: 600,
  endedBy: ['restore', 'weight', 'remove'],
  available: (frontend, { fleet, snapshot }) => {
    const can = readable(countingFor(frontend), snapshot)
    if (can !== true) return can
    const entries = entriesOf(frontend, {}, snapshot)
    const how = entries.some(cuts) ? 'weight' : 'maintenance'
    // On every balancer: if only the active one had it out, a failover would put it in again.
    const steps = drainSteps(entries, { how }, fleet)
    return steps.length ? (unwritableWeight(entries, steps) ?? true) : say`it is out already`
  },
  asks: [
    whichService,
    {
      id: 'how',
      text: say`How, where ldirectord runs with quiescent=no?`,
      value: 'weight|maintenance',
      when: (frontend, answers, snapshot) => entriesOf(frontend, answers, snapshot).some(cuts),
      choices: () => [
        {
          value: 'weight',
          title: say`weight 0`,
          note: say`connections go on; a failed check or a reload undoes it`,
        },
        {
          value: 'maintenance',
          title: say`maintenance file`,
          note: say`the server is deleted: open connections hang`,
        },
      ],
      usual: 'weight with quiescent=no, else maintenance',
      default: (frontend, snapshot, _now, answers) =>
        entriesOf(frontend, answers, snapshot).some(cuts) ? 'weight' : 'maintenance',
      wrong: (value) => (['weight', 'maintenance'].includes(value) ? undefined : say`weight or maintenance`),
    },
    {
      id: 'and-wait',
      flag: true,
      text: say`Wait until its connections have ended?`,
      value: 'yes|no',
      choices: () => [
        { value: 'yes', title: say`yes`, note: say`at most 10 minutes` },
        { value: 'no', title: say`no`, note: say`done as soon as no new ones come` },
      ],
      default: 'yes',
      wrong: (value) => (['yes', 'no'].includes(value) ? undefined : say`yes or no`),
    },
  ],
  insists: lastOne,
  hits: (answers, frontend, snapshot) => (deletes(frontend, answers, snapshot) ? 'hangs' : 'goes on'),
  warns: (frontend, answers, snapshot, together) => [
    ...amissTexts(chosen(frontend, answers), snapshot),
    ...leavesOne(frontend, answers, snapshot, together).map((left) => say`only ${left} is left then`),
  ],
  riskWith: (answers, frontend, snapshot, together) =>
    isLast(frontend, answers, snapshot, together) || deletes(frontend, answers, snapshot)
      ? 'destructive'
      : 'disruptive',
  plan: (frontend, answers, { fleet, snapshot }) =>
    drainSteps(entriesOf(frontend, answers, snapshot), answers, fleet),
  progress: (frontend, answers, snapshot) => {
    if (!holdsForAll(frontend, answers, snapshot, isOut)) return say`waiting for weight 0`
    return say`${connections(openOnes(servicesNow(frontend, answers, snapshot)))} left`
  },
  settled: (frontend, answers, snapshot) => {
    const open = openOnes(servicesNow(frontend, answers, snapshot))
    const entries = entriesOf(frontend, answers, snapshot)
    const isKept = entries.every((one) => isTakenOut(one, answers, entries))
    const isDone = isKept && holdsForAll(frontend, answers, snapshot, isOut)
    return (isDone && (answers['and-wait'] !== 'yes' || open === 0)) || undefined
  },
  holds: (frontend, answers, snapshot) => {
    const entries = entriesOf(frontend, answers, snapshot)
    return entries.length > 0 && entries.every((one) => isTakenOut(one, answers, entries))
  },
  unseen: (frontend, answers, snapshot) => {
    if (!holdsForAll(frontend, answers, snapshot, isOut)) return undefined
    return say`out; ${connections(openOnes(servicesNow(frontend, answers, snapshot)))} still open`
  },
  remark: (frontend, answers, snapshot) => {
    const open = openOnes(servicesNow(frontend, answers, snapshot))
    const entries = entriesOf(frontend, answers, snapshot)
    const inTables = entries.filter((one) => !byFile(one, answers, entries))
    return remarks([
      leftOut(snapshot),
      open && say`${connections(open)} ${open === 1 ? say`goes on to its end` : say`go on to their end`}`,
      ...whoPutsBack(inTables, snapshot).map((who) => say`${who} undoes it`),
    ])
  },
  undo: (frontend, answers) => {
    const services = chosen(frontend, answers)
    // An undo must not put in what was out before.
    if (services.some(isOut)) return undefined
    const weights = services.filter(({ configuredWeight }) => configuredWeight === undefined)
    const weight = only(weights.map((one) => one.weight))
    if (weights.length && weight === undefined) return undefined
    const service = answers.service ?? 'all'
    return { verb: 'restore', answers: { service, ...(weights.length ? { weight: `${weight}` } : {}) } }
  },
}

const restore: Change<FrontendRecord> = {
  ...common,
  verb: 'restore',
  key: 'r',
  title: 'Restore',
  help: 'Puts a drained front end back into service.',
  risk: 'disruptive',
  patience: 60,
  endedBy: ['drain', 'weight', 'remove'],
  available: (frontend, { fleet, snapshot }) => {
    const can = readable(countingFor(frontend), snapshot)
    if (can !== true) return can
    const entries = entriesOf(frontend, {}, snapshot)
    const steps = restoreSteps(entries, 1, fleet)
    if (steps.length) return unwritableWeight(entries, steps) ?? true
    return frontend.services.some(isOut)
      ? say`ldirectord brings it back as soon as its check succeeds`
      : say`it is in service`
  },
  asks: [
    whichService,
    weightQuestion({
      text: say`No configuration has its weight. Which one?`,
      when: (frontend, answers) =>
        chosen(frontend, answers).some(
          ({ duty, configuredWeight }) => duty === 'weight 0' && configuredWeight === undefined,
        ),
      default: '1',
    }),
  ],
  warns: (frontend, answers, snapshot) => amissTexts(chosen(frontend, answers), snapshot),
  plan: (frontend, answers, { fleet, snapshot }) =>
    restoreSteps(entriesOf(frontend, answers, snapshot), Number(answers.weight ?? 1), fleet),
  settled: (frontend, answers, snapshot) =>
    (holdsForAll(frontend, answers, snapshot, ({ weight }) => weight > 0) &&
      entriesOf(frontend, answers, snapshot).every((one) => !isKeptOut(one))) ||
    undefined,
  undo: (frontend, answers) =>
    chosen(frontend, answers).every(isOut)
      ? { verb: 'drain', answers: { service: answers.service ?? 'all', 'and-wait': 'no' } }
      : undefined,
}

/** Who does not leave a weight as it is set. */
function notForLong(frontend: FrontendRecord, answers: Answers, snapshot: Snapshot): Label[] {
  const entries = entriesOf(frontend, answers, snapshot)
  return whoPutsBack(entries, snapshot).map((who) => say`${who} puts the configured weight back`)
}

const setWeight: Change<FrontendRecord> = {
  ...common,
  verb: 'weight',
  key: 'w',
  title: 'Weight',
  help: 'Sets the weight of a front end in the tables of the balancers.',
  risk: 'disruptive',
  patience: 30,
  endedBy: ['weight', 'drain', 'restore', 'remove'],
  available: (frontend, { snapshot }) => {
    const counting = new Set(frontend.services.map(({ balancer }) => balancer))
    const lacking = snapshot.balancers.find(({ host, lvs }) => lvs?.partial && counting.has(host))
    return lacking?.lvs?.partial
      ? say`${label(lacking.host)}: ${lacking.lvs.partial}`
      : readable(countingFor(frontend), snapshot)
  },
  asks: [
    whichService,
    weightQuestion({
      needed: true,
      default: (frontend, _snapshot, _now, answers) => String(chosen(frontend, answers)[0]?.weight ?? 1),
    }),
  ],
  hits: ({ weight }) => (Number(weight) === 0 ? 'goes on' : undefined),
  insists: (frontend, answers, snapshot, together) =>
    Number(answers.weight) === 0 ? lastOne(frontend, answers, snapshot, together) : undefined,
  riskWith: (answers, frontend, snapshot, together) =>
    Number(answers.weight) === 0 && isLast(frontend, answers, snapshot, together)
      ? 'destructive'
      : 'disruptive',
  plan: (frontend, answers, { fleet, snapshot }) =>
    entriesOf(frontend, answers, snapshot).flatMap((one) => weightStep(one, Number(answers.weight), fleet)),
  settled: (frontend, answers, snapshot) =>
    (holdsForAll(frontend, answers, snapshot, ({ weight }) => weight === Number(answers.weight)) &&
      entriesOf(frontend, answers, snapshot).every(
        ({ inTable }) => !inTable || inTable.real.weight === Number(answers.weight),
      )) ||
    undefined,
  warns: (frontend, answers, snapshot, together) => [
    ...amissTexts(chosen(frontend, answers), snapshot),
    ...notForLong(frontend, answers, snapshot),
    ...(Number(answers.weight) === 0
      ? leavesOne(frontend, answers, snapshot, together).map((left) => say`only ${left} is left then`)
      : []),
  ],
  remark: (frontend, answers, snapshot) => remarks(notForLong(frontend, answers, snapshot)),
  undo: (frontend, answers) => {
    const weight = only(chosen(frontend, answers).map((one) => one.weight))
    const { service = 'all' } = answers
    return weight === undefined ? undefined : { verb: 'weight', answers: { service, weight: String(weight) } }
  },
}

export const dutyActions: readonly FrontendAction[] = [drain, restore, setWeight]
