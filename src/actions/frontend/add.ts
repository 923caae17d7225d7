import { isIP } from 'node:net'
import type { FrontendRecord } from '../../fleet/frontend/frontends.ts'
import type { ServiceRecord } from '../../fleet/service/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { addressOf } from '../../services/ldirectord/maintenance.ts'
import type { Answers, Change, Question, Undo } from '../action.ts'
import { weightQuestion, whichService } from './common.ts'
import { addSteps, forwardWord, memberId, type NewMember } from './member-plan.ts'
import {
  addressQuestion,
  areIn,
  clones,
  familyOf,
  newcomerWarnings,
  portOf,
  remarksOnNew,
  takenByService,
  whyNotIn,
  writable,
  writableFor,
  wrongAddress,
} from './new-member.ts'

/** What an action has in common that puts real servers into their services: what these are is its own. */
function joining<T>(members: (target: T, answers: Answers, snapshot: Snapshot) => readonly NewMember[]) {
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

/** Takes away what was added; not where the same would go that was there before. */
function removal(members: readonly NewMember[], { frontends }: Snapshot): Undo | undefined {
  const [first] = members
  if (!first) return undefined
  const address = addressOf(first.id)
  const before = frontends.find((one) => one.address === address)?.services ?? []
  const isAll = members.length > 1
  if (before.some(({ virtual }) => isAll || virtual === first.virtual)) return undefined
  return { verb: 'remove', answers: { service: isAll ? 'all' : first.virtual }, targets: [address] }
}

function takenBy(address: string, { frontends }: Snapshot): Label | undefined {
  const found = frontends.find((one) => one.address === address && one.services.length)
  return found && say`that is ${found.name} already; "add" on a service gives it one more`
}

export const clone: Change<FrontendRecord> = {
  ...joining(clones),
  single: true,
  subject: 'frontend',
  verb: 'clone',
  key: 'c',
  title: 'Clone',
  help: 'Adds a front end like this one: the same services, weights, forwarding and checks, another address.',
  available: writableFor,
  asks: [
    whichService,
    {
      ...addressQuestion,
      text: say`Address of the new one`,
      wrong: (value, frontend) =>
        isIP(value)
          ? wrongAddress(value, familyOf(frontend.address))
          : say`an IPv4 or IPv6 address; its ports are those of this one`,
      refuses: (value, _frontend, snapshot) => takenBy(value, snapshot) ?? takenByService(value, snapshot),
    },
  ],
}

function added(service: ServiceRecord, { address = '', weight, forward }: Answers): NewMember[] {
  const id = memberId(address, portOf(service))
  if (!id) return []
  return [{ virtual: service.name, id, weight: Number(weight), forward: forward as NewMember['forward'] }]
}

/** How the first of the others is reached, and so nearly always all. */
function usualForward({ name, balancer }: ServiceRecord, { balancers }: Snapshot): NewMember['forward'] {
  const record = balancers.find(({ host }) => host === balancer)
  const [first] = record?.lvs?.services.find(({ id }) => id === name)?.reals ?? []
  return first ? forwardWord(first.forward) : 'gate'
}

function hasOtherPort(service: ServiceRecord, address: string): boolean {
  const port = portOf(service)
  return !memberId(address, port)?.endsWith(`:${port}`)
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
  usual: 'as the first of the others; masq with a port of its own',
  default: (service, snapshot, _now, { address = '' }) =>
    hasOtherPort(service, address) ? 'masq' : usualForward(service, snapshot),
  wrong: (value, service, _snapshot, _now, { address = '' }) => {
    if (!['gate', 'masq', 'ipip'].includes(value)) return say`gate, masq or ipip`
    // ipvsadm(8), --real-server: only masquerading may change it.
    return value !== 'masq' && hasOtherPort(service, address)
      ? say`with a port of its own only masq: the others cannot change it`
      : undefined
  },
}

export const add: Change<ServiceRecord> = {
  ...joining(added),
  subject: 'service',
  verb: 'add',
  key: 'a',
  title: 'Add server',
  help: 'Puts a real server into a virtual service, in the tables and the configurations of ldirectord.',
  available: ({ name, balancer }, { snapshot }) => writable([name], [balancer], snapshot),
  asks: [
    {
      ...addressQuestion,
      text: say`Its address, and its port if that is another`,
      wrong: (value, service) => wrongAddress(value, familyOf(service.reals[0]?.real ?? service.name)),
      refuses: (value, service, snapshot) =>
        service.reals.some(({ real }) => real === memberId(value, portOf(service)))
          ? say`${label(value)} is there already`
          : takenByService(value, snapshot),
    },
    forwardQuestion,
    weightQuestion<ServiceRecord>({ default: '1' }),
  ],
}

export const serviceActions: readonly Change<ServiceRecord>[] = [add]
