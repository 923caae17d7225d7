import { isIP } from 'node:net'
import type { BalancerRecord } from '../fleet/balancers.ts'
import type { FrontendRecord, FrontendService } from '../fleet/frontends.ts'
import type { Snapshot } from '../fleet/model.ts'
import type { ServiceRecord } from '../fleet/virtual-services.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { addressOf } from '../services/ldirectord/maintenance.ts'
import type { Answers, Change, Question } from './action.ts'
import {
  common,
  countingFor,
  lastOne,
  leftOut,
  readable,
  remarks,
  weightQuestion,
  whichService,
} from './frontend-common.ts'
import { chosen, entriesOf, maintenanceFiles } from './frontend-plan.ts'
import { addSteps, forwardWord, memberId, type NewMember, removeSteps, unwritable } from './member-plan.ts'
import { reloadWarnings } from './reload-warnings.ts'

/** Whether the tables and the configurations of all balancers that answer are known, and can be written. */
function writable(
  virtuals: readonly string[],
  counting: readonly string[],
  snapshot: Snapshot,
): true | Label {
  const can = readable(counting, snapshot)
  return can === true ? (unwritable(virtuals, snapshot) ?? true) : can
}

const ofFrontend = (frontend: FrontendRecord, snapshot: Snapshot) =>
  writable(
    frontend.services.map(({ virtual }) => virtual),
    countingFor(frontend),
    snapshot,
  )

/** What nobody may want of a removal. */
function cutOnes(services: readonly FrontendService[]): Label | undefined {
  const open = services.reduce((sum, { active }) => sum + active, 0)
  return open ? say`${open} open connections are cut: drain it first, and wait for their end` : undefined
}

export const remove: Change<FrontendRecord> = {
  ...common,
  verb: 'remove',
  key: 'X',
  title: 'Remove',
  help: 'Takes a front end out of the tables and of the configurations of ldirectord, for good.',
  risk: 'destructive',
  patience: 60,
  available: (frontend, { snapshot }) => ofFrontend(frontend, snapshot),
  asks: [whichService],
  insists: (frontend, answers, snapshot) =>
    lastOne(frontend, answers, snapshot) ?? cutOnes(chosen(frontend, answers)),
  warns: (frontend, answers, snapshot) => {
    const services = chosen(frontend, answers)
    const cut = cutOnes(services)
    return [
      ...(cut ? [cut] : []),
      ...reloadWarnings(
        entriesOf(frontend, answers, snapshot).map(({ balancer }) => balancer),
        services,
      ),
    ]
  },
  plan: (frontend, answers, { fleet, snapshot }) =>
    removeSteps(entriesOf(frontend, answers, snapshot), fleet),
  settled: (frontend, answers, snapshot) => {
    const gone = new Set(chosen(frontend, answers).map(({ virtual, real }) => `${virtual} ${real}`))
    const left = snapshot.frontends.flatMap(({ services }) => services)
    return !left.some(({ virtual, real }) => gone.has(`${virtual} ${real}`)) || undefined
  },
  remark: (frontend, answers, snapshot) => {
    const files = maintenanceFiles(frontend.address, snapshot)
    return remarks([
      leftOut(snapshot),
      files.length > 0 && say`its maintenance file stays: ${label(files.join(', '))}`,
      chosen(frontend, answers).length === frontend.services.length &&
        frontend.host !== undefined &&
        say`the configuration of vdd still names it`,
    ])
  },
}

/** What a reload brings with it, and what ldirectord does with a server that it has not checked yet. */
function newcomerWarnings(balancers: readonly BalancerRecord[]): readonly Label[] {
  const isTrusted = balancers.some(
    ({ ldirectord }) => ldirectord?.daemon && !ldirectord.config?.readdquiescent,
  )
  return [
    ...reloadWarnings(balancers),
    // Seen with ldirectord 4.12: "Added … (Weight set to 4)", and a second later "Quiescent".
    ...(isTrusted
      ? [
          say`it takes connections for about a second before its first check (readdquiescent=no): it should answer already`,
        ]
      : []),
  ]
}

const addressQuestion = {
  id: 'address',
  text: say`Its address`,
  value: 'ADDRESS',
  needed: true,
} as const

/** What is to be known of an address, whatever it is added to. */
function wrongAddress(value: string, { balancers }: Snapshot): Label | undefined {
  const id = memberId(value, 0)
  if (id === undefined) return say`an IPv4 or IPv6 address`
  const taken = balancers.some(({ lvs }) => lvs?.services.some(({ address }) => address === addressOf(id)))
  return taken ? say`${label(value)} is the address of a virtual service` : undefined
}

/** Done is it when it takes connections, or with weight 0 when it is there. */
function isIn(members: readonly NewMember[], snapshot: Snapshot): true | undefined {
  return (
    members.every(({ virtual, id, weight }) => {
      const found = realIn(virtual, id, snapshot)
      return found && found.duty !== 'missing' && (found.weight > 0 || weight === 0)
    }) || undefined
  )
}

function realIn(virtual: string, id: string, { frontends }: Snapshot) {
  return frontends
    .flatMap(({ services }) => services)
    .find((one) => one.virtual === virtual && one.real === id)
}

function notIn(members: readonly NewMember[], snapshot: Snapshot): Label | undefined {
  const waiting = members.filter(({ virtual, id }) => realIn(virtual, id, snapshot)?.weight === 0)
  return waiting.length === members.length
    ? say`it is in the table, and ldirectord lets nobody in: its check is not answered`
    : undefined
}

function remarksOnNew(members: readonly NewMember[], snapshot: Snapshot): Label | undefined {
  const address = addressOf(members[0]?.id ?? '')
  const known = snapshot.frontends.find((one) => one.address === address)
  return remarks([
    leftOut(snapshot),
    known !== undefined &&
      known.host === undefined &&
      say`no host of the configuration has ${label(address)}: its load, LDAP and RADIUS are not asked`,
  ])
}

/** What a front end would be that is like this one. */
function clones(frontend: FrontendRecord, answers: Answers, snapshot: Snapshot): NewMember[] {
  const { address = '', weight } = answers
  const entries = entriesOf(frontend, answers, snapshot)
  return chosen(frontend, answers).flatMap(({ virtual, real, weight: now, configuredWeight }) => {
    const id = memberId(address, Number(/\d+$/.exec(real)?.[0] ?? 0))
    const entry = entries.find((one) => one.virtual === virtual && one.real === real)
    const line = entry?.configured?.virtual.reals.find((one) => one.id === real)
    const forward = entry?.inTable?.real.forward ?? line?.forward ?? 'Route'
    const wanted = Number(weight ?? configuredWeight ?? now)
    return id ? [{ virtual, id, model: real, forward: forwardWord(forward), weight: wanted }] : []
  })
}

export const clone: Change<FrontendRecord> = {
  ...common,
  verb: 'clone',
  key: 'c',
  title: 'Clone',
  help: 'Adds a front end like this one: the same services, ways and checks, another address.',
  risk: 'disruptive',
  patience: 60,
  available: (frontend, { snapshot }) => ofFrontend(frontend, snapshot),
  asks: [
    whichService,
    {
      ...addressQuestion,
      text: say`Address of the new one`,
      wrong: (value, _frontend, snapshot) =>
        isIP(value)
          ? wrongAddress(value, snapshot)
          : say`an IPv4 or IPv6 address; its ports are those of this one`,
    },
    weightQuestion({
      default: (frontend, _snapshot, _now, answers) => {
        const [first] = chosen(frontend, answers)
        return String(first?.configuredWeight ?? (first?.weight || 1))
      },
    }),
  ],
  warns: (frontend, answers, snapshot) =>
    newcomerWarnings(entriesOf(frontend, answers, snapshot).map(({ balancer }) => balancer)),
  plan: (frontend, answers, { fleet, snapshot }) =>
    addSteps(clones(frontend, answers, snapshot), snapshot, fleet),
  settled: (frontend, answers, snapshot) => isIn(clones(frontend, answers, snapshot), snapshot),
  unseen: (frontend, answers, snapshot) => notIn(clones(frontend, answers, snapshot), snapshot),
  remark: (frontend, answers, snapshot) => remarksOnNew(clones(frontend, answers, snapshot), snapshot),
}

/** The port that a real server has where none is said: the one of the others, else the service's. */
function portOf({ name, reals }: Pick<ServiceRecord, 'name' | 'reals'>): number {
  return Number(/:(\d+)$/.exec(reals[0]?.real ?? name)?.[1] ?? 0)
}

function added(service: ServiceRecord, { address = '', weight, forward }: Answers): NewMember[] {
  const id = memberId(address, portOf(service))
  if (!id) return []
  return [{ virtual: service.name, id, weight: Number(weight), forward: forward as NewMember['forward'] }]
}

/** How most of the others are reached. */
function usualForward({ name, balancer }: ServiceRecord, { balancers }: Snapshot): NewMember['forward'] {
  const record = balancers.find(({ host }) => host === balancer)
  const [first] = record?.lvs?.services.find(({ id }) => id === name)?.reals ?? []
  return first ? forwardWord(first.forward) : 'gate'
}

const forwardQuestion: Question<ServiceRecord> = {
  id: 'forward',
  text: say`How are packets forwarded to it?`,
  value: 'gate|masq|ipip',
  choices: () => [
    { value: 'gate', title: say`gate`, note: say`direct routing: it answers past the balancer` },
    { value: 'masq', title: say`masq`, note: say`masquerading: the balancer is its gateway` },
    { value: 'ipip', title: say`ipip`, note: say`tunnelling` },
  ],
  default: usualForward,
  wrong: (value) => (['gate', 'masq', 'ipip'].includes(value) ? undefined : say`gate, masq or ipip`),
}

export const add: Change<ServiceRecord> = {
  kind: 'change',
  subject: 'service',
  group: 'duty',
  verb: 'add',
  key: 'a',
  title: 'Add server',
  help: 'Puts a real server into a virtual service, in the tables and the configurations of ldirectord.',
  risk: 'disruptive',
  patience: 60,
  available: ({ name, balancer }, { snapshot }) => writable([name], [balancer], snapshot),
  asks: [
    {
      ...addressQuestion,
      text: say`Its address, and its port if that is another`,
      wrong: (value, service, snapshot) =>
        service.reals.some(({ real }) => real === memberId(value, portOf(service)))
          ? say`${label(value)} is there already`
          : wrongAddress(value, snapshot),
    },
    forwardQuestion,
    weightQuestion<ServiceRecord>({ default: () => '1' }),
  ],
  warns: ({ name }, _answers, { balancers }) =>
    newcomerWarnings(
      balancers.filter(({ ldirectord }) => ldirectord?.config?.virtuals.some(({ id }) => id === name)),
    ),
  plan: (service, answers, { fleet, snapshot }) => addSteps(added(service, answers), snapshot, fleet),
  settled: (service, answers, snapshot) => isIn(added(service, answers), snapshot),
  unseen: (service, answers, snapshot) => notIn(added(service, answers), snapshot),
  remark: (service, answers, snapshot) => remarksOnNew(added(service, answers), snapshot),
}

export const serviceActions: readonly Change<ServiceRecord>[] = [add]
