import type { BalancerRecord } from '../fleet/balancers.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { FrontendRecord, FrontendService } from '../fleet/frontends.ts'
import type { Snapshot } from '../fleet/model.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { ConfiguredVirtual } from '../services/ldirectord/facts.ts'
import { addressOf, inMaintenance } from '../services/ldirectord/maintenance.ts'
import * as ldirectord from '../services/ldirectord/verbs.ts'
import type { RealServer, VirtualService } from '../services/lvs/facts.ts'
import * as lvs from '../services/lvs/verbs.ts'
import type { Step } from '../services/step.ts'
import { type Answers, type Change, type FrontendAction, presentOf, type Question } from './action.ts'

/** What one balancer knows of a real server in one virtual service: in its table, in its configuration, or in both. */
interface Entry {
  readonly balancer: BalancerRecord
  readonly real: string
  readonly virtual: string
  readonly inTable?: { readonly service: VirtualService; readonly real: RealServer }
  readonly configured?: { readonly virtual: ConfiguredVirtual; readonly weight: number }
}

/** The services that are meant: the one that was chosen, else all. */
function chosen({ services }: FrontendRecord, { service }: Answers): readonly FrontendService[] {
  return service === undefined || service === 'all'
    ? services
    : services.filter(({ virtual }) => virtual === service)
}

/** On every balancer, so that a failover keeps what is done. */
function entriesOf(frontend: FrontendRecord, answers: Answers, { balancers }: Snapshot): Entry[] {
  return chosen(frontend, answers).flatMap(({ virtual, real }) =>
    balancers.flatMap((balancer): Entry[] => {
      const service = balancer.lvs?.services.find(({ id }) => id === virtual)
      const entry = service?.reals.find(({ id }) => id === real)
      const block = balancer.ldirectord?.config?.virtuals.find(({ id }) => id === virtual)
      const line = block?.reals.find(({ id }) => id === real)
      if (!entry && !line) return []
      return [
        {
          balancer,
          real,
          virtual,
          ...(service && entry ? { inTable: { service, real: entry } } : {}),
          ...(block && line ? { configured: { virtual: block, weight: line.weight } } : {}),
        },
      ]
    }),
  )
}

function on({ host }: BalancerRecord, fleet: Fleet): { host: string; sudo: boolean } {
  return { host, sudo: fleet.member(host)?.config.sudo ?? false }
}

function weightStep({ balancer, inTable }: Entry, weight: number, fleet: Fleet): Step[] {
  return inTable && inTable.real.weight !== weight
    ? [lvs.setWeight({ ...on(balancer, fleet), ...inTable }, weight)]
    : []
}

/** With `quiescent=no` ldirectord deletes a server in maintenance, and its connections hang (notes/lvs.md: the black hole). */
function cuts({ balancer, configured }: Entry): boolean {
  return !!configured && !configured.virtual.quiescent && !!balancer.ldirectord?.config?.maintenancedir
}

/** Whether it is taken out by a file: ldirectord owns the weight, and has a maintenance directory. */
function byFile(entry: Entry, answers: Answers): boolean {
  const { balancer, configured } = entry
  return (
    !!configured &&
    !!balancer.ldirectord?.config?.maintenancedir &&
    (configured.virtual.quiescent || answers.how === 'maintenance')
  )
}

function drainSteps(entries: readonly Entry[], answers: Answers, fleet: Fleet): Step[] {
  const files = [
    ...Map.groupBy(
      entries.filter((one) => byFile(one, answers)),
      ({ balancer }) => balancer,
    ),
  ]
  const begin = files.flatMap(([balancer, inFiles]) => {
    const { config, maintenance = [], names = new Map() } = balancer.ldirectord ?? {}
    const names_ = fileNames(inFiles, config?.virtuals ?? [])
    return names_
      .filter((file) => !inFiles.every(({ real }) => inMaintenance(maintenance, real, names).includes(file)))
      .map((file) => ldirectord.beginMaintenance(on(balancer, fleet), config?.maintenancedir ?? '', file))
  })
  // Where no ldirectord runs, nobody looks for the file.
  const weights = entries
    .filter((one) => !byFile(one, answers) || !one.balancer.ldirectord?.pid)
    .flatMap((one) => weightStep(one, 0, fleet))
  return [...begin, ...weights]
}

/** One file for the whole address where all its services are meant, else one for each. */
function fileNames(entries: readonly Entry[], virtuals: readonly ConfiguredVirtual[]): string[] {
  const address = addressOf(entries[0]?.real ?? '')
  const all = virtuals.flatMap(({ reals }) => reals.filter(({ id }) => addressOf(id) === address))
  return all.length === entries.length && all.length > 1
    ? [address]
    : [...new Set(entries.map(({ real }) => real))]
}

/** Nobody else takes new connections of one of these services. */
function isLast(frontend: FrontendRecord, answers: Answers, { balancers }: Snapshot): boolean {
  return chosen(frontend, answers).some(({ virtual, real, balancer }) => {
    const table = balancers.find(({ host }) => host === balancer)?.lvs
    const reals = table?.services.find(({ id }) => id === virtual)?.reals ?? []
    return (
      reals.some(({ id, weight }) => id === real && weight > 0) &&
      !reals.some(({ id, weight }) => id !== real && weight > 0)
    )
  })
}

/** Then nobody gets in: that is not done by a yes of habit. */
function lastOne(frontend: FrontendRecord, answers: Answers, snapshot: Snapshot): Label | undefined {
  return isLast(frontend, answers, snapshot) ? say`nobody else takes new connections then` : undefined
}

const whichService: Question<FrontendRecord> = {
  id: 'service',
  text: say`Which service?`,
  value: 'SERVICE',
  when: ({ services }) => services.length > 1,
  choices: ({ services }) => [
    { value: 'all', title: say`all of them` },
    ...services.map(({ virtual, duty, weight }) => ({
      value: virtual,
      title: label(virtual),
      note: say`${label(duty)}, weight ${weight}`,
    })),
  ],
  default: () => 'all',
  wrong: (value, { services }) =>
    value === 'all' || services.some(({ virtual }) => virtual === value)
      ? undefined
      : say`no service ${label(value)}; there are ${label(services.map(({ virtual }) => virtual).join(', '))}`,
}

function weightQuestion(rest: Partial<Question<FrontendRecord>>): Question<FrontendRecord> {
  return {
    id: 'weight',
    text: say`Weight`,
    value: 'NUMBER',
    wrong: (value) =>
      /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : say`a whole number from 0 to 65535`,
    ...rest,
  }
}

/** The parts that all these have in common. */
const common = { kind: 'change', subject: 'frontend', group: 'duty' } as const

/**
 * Whether it is known who owns the weight: the table of every balancer that counts, and of every one that answers what its
 * ldirectord does. One that stands by and does not answer keeps nobody from acting.
 */
function readable({ services }: FrontendRecord, { balancers }: Snapshot): true | Label {
  const counting = new Set(services.map(({ balancer }) => balancer))
  for (const { host, lvsTrouble, ldirectord, ldirectordTrouble } of balancers) {
    if (lvsTrouble && counting.has(host)) return say`${label(host)} does not answer: ${lvsTrouble.reason}`
    if (lvsTrouble || (ldirectord && !ldirectordTrouble)) continue
    if (!ldirectordTrouble) return say`ldirectord on ${label(host)} has not been asked yet`
    if (!ldirectord)
      return say`who owns the weights on ${label(host)} is not known: ${ldirectordTrouble.reason}`
  }
  return true
}

/** A balancer that does not answer is left as it is: with its table, a failover undoes what is done now. */
function leftOut({ balancers }: Snapshot): Label | 0 {
  const silent = balancers.filter(({ lvsTrouble }) => lvsTrouble).map(({ host }) => host)
  return silent.length ? say`${label(silent.join(', '))} does not answer: a failover to it undoes this` : 0
}

function servicesNow(
  frontend: FrontendRecord,
  answers: Answers,
  snapshot: Snapshot,
): readonly FrontendService[] {
  const now = presentOf(frontend, snapshot)
  return now ? chosen(now, answers) : []
}

const isOut = ({ weight }: FrontendService) => weight === 0
const openOnes = (services: readonly FrontendService[]) =>
  services.reduce((sum, { active }) => sum + active, 0)

const drain: Change<FrontendRecord> = {
  ...common,
  verb: 'drain',
  key: 'd',
  title: 'Drain',
  help: 'Takes a front end out: no new connections, the open ones go on to their end.',
  risk: 'disruptive',
  patience: 600,
  available: (frontend, { snapshot }) =>
    readable(frontend, snapshot) !== true
      ? readable(frontend, snapshot)
      : frontend.services.every(isOut)
        ? say`it is out already`
        : true,
  asks: [
    whichService,
    {
      id: 'how',
      text: say`ldirectord runs with quiescent=no: how?`,
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
      default: () => 'weight',
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
      default: () => 'yes',
      wrong: (value) => (['yes', 'no'].includes(value) ? undefined : say`yes or no`),
    },
  ],
  insists: lastOne,
  riskWith: (answers, frontend, snapshot) =>
    isLast(frontend, answers, snapshot) || answers.how === 'maintenance' ? 'destructive' : 'disruptive',
  plan: (frontend, answers, { fleet, snapshot }) =>
    drainSteps(entriesOf(frontend, answers, snapshot), answers, fleet),
  progress: (frontend, answers, snapshot) => {
    const services = servicesNow(frontend, answers, snapshot)
    if (!services.every(isOut)) return say`waiting for weight 0`
    return say`${openOnes(services)} connections left`
  },
  settled: (frontend, answers, snapshot) => {
    const services = servicesNow(frontend, answers, snapshot)
    return (services.every(isOut) && (answers['and-wait'] !== 'yes' || openOnes(services) === 0)) || undefined
  },
  unseen: (frontend, answers, snapshot) => {
    const services = servicesNow(frontend, answers, snapshot)
    return services.every(isOut) ? say`out; ${openOnes(services)} connections are still open` : undefined
  },
  remark: (frontend, answers, snapshot) => {
    const open = openOnes(servicesNow(frontend, answers, snapshot))
    const owned = entriesOf(frontend, answers, snapshot).filter(
      (one) => one.configured && !byFile(one, answers),
    )
    return remarks([
      leftOut(snapshot),
      open && say`${open} connections go on to their end`,
      owned.length && say`a failed check, a reload or a restart of ldirectord undoes it`,
    ])
  },
}

function remarks(all: readonly (Label | 0)[]): Label | undefined {
  const said = all.filter((one) => one !== 0)
  return said.length ? joined(said, '; ') : undefined
}

const restore: Change<FrontendRecord> = {
  ...common,
  verb: 'restore',
  key: 'r',
  title: 'Restore',
  help: 'Puts a drained front end back into service.',
  risk: 'disruptive',
  patience: 60,
  available: (frontend, { snapshot }) => {
    const can = readable(frontend, snapshot)
    if (can !== true) return can
    if (frontend.services.every((one) => !isOut(one))) return say`it is in service`
    const drained = frontend.services.filter(isOut)
    return drained.every(({ duty }) => duty === 'failed' || duty === 'missing')
      ? say`its check fails: ldirectord brings it back when it answers`
      : true
  },
  asks: [
    whichService,
    weightQuestion({
      text: say`No configuration tells its weight. Which?`,
      when: (frontend, answers) =>
        chosen(frontend, answers).some(
          ({ duty, configuredWeight }) => duty === 'weight 0' && configuredWeight === undefined,
        ),
      default: () => '1',
    }),
  ],
  plan: (frontend, answers, { fleet, snapshot }) =>
    restoreSteps(entriesOf(frontend, answers, snapshot), Number(answers.weight ?? 1), fleet),
  settled: (frontend, answers, snapshot) =>
    servicesNow(frontend, answers, snapshot).every(({ weight, duty }) => weight > 0 || duty === 'failed') ||
    undefined,
}

/** Files away, on every balancer; a weight is set only where nobody will do it: no file took it out, or no ldirectord runs. */
function restoreSteps(entries: readonly Entry[], weight: number, fleet: Fleet): Step[] {
  const maintained = (one: Entry) =>
    inMaintenance(
      one.balancer.ldirectord?.maintenance ?? [],
      one.real,
      one.balancer.ldirectord?.names ?? new Map(),
    )
  const files = [...Map.groupBy(entries, ({ balancer }) => balancer)].flatMap(([balancer, here]) => {
    const names = [...new Set(here.flatMap(maintained))]
    const directory = balancer.ldirectord?.config?.maintenancedir
    return names.length && directory ? [ldirectord.endMaintenance(on(balancer, fleet), directory, names)] : []
  })
  const weights = entries
    .filter(
      (one) => one.inTable?.real.weight === 0 && !(maintained(one).length && one.balancer.ldirectord?.pid),
    )
    .flatMap((one) => weightStep(one, one.configured?.weight ?? weight, fleet))
  return [...files, ...weights]
}

const setWeight: Change<FrontendRecord> = {
  ...common,
  verb: 'weight',
  key: 'w',
  title: 'Weight',
  help: 'Sets the weight of a front end in the tables of the balancers.',
  risk: 'disruptive',
  patience: 30,
  available: (frontend, { snapshot }) => {
    const counting = new Set(frontend.services.map(({ balancer }) => balancer))
    const lacking = snapshot.balancers.find(({ host, lvs }) => lvs?.partial && counting.has(host))
    return lacking?.lvs?.partial
      ? say`${label(lacking.host)}: ${lacking.lvs.partial}`
      : readable(frontend, snapshot)
  },
  asks: [
    whichService,
    weightQuestion({
      needed: true,
      default: (frontend, _snapshot, _now, answers) => String(chosen(frontend, answers)[0]?.weight ?? 1),
    }),
  ],
  insists: (frontend, answers, snapshot) =>
    answers.weight === '0' ? lastOne(frontend, answers, snapshot) : undefined,
  riskWith: (answers, frontend, snapshot) =>
    answers.weight === '0' && isLast(frontend, answers, snapshot) ? 'destructive' : 'disruptive',
  plan: (frontend, answers, { fleet, snapshot }) =>
    entriesOf(frontend, answers, snapshot).flatMap((one) => weightStep(one, Number(answers.weight), fleet)),
  settled: (frontend, answers, snapshot) =>
    servicesNow(frontend, answers, snapshot).every(({ weight }) => weight === Number(answers.weight)) ||
    undefined,
  remark: (frontend, answers, snapshot) =>
    entriesOf(frontend, answers, snapshot).some(({ configured }) => configured)
      ? say`a failed check, a reload or a restart of ldirectord puts the configured weight back`
      : undefined,
}

export const frontendActions: readonly FrontendAction[] = [drain, restore, setWeight]
