import { isIP } from 'node:net'
import type { FrontendRecord } from '../fleet/frontends.ts'
import type { Snapshot } from '../fleet/model.ts'
import type { ServiceRecord } from '../fleet/virtual-services.ts'
import { label, say } from '../hosts/label.ts'
import { addressOf } from '../services/ldirectord/maintenance.ts'
import type { Answers, Change, Question, Undo } from './action.ts'
import { common, weightQuestion, whichService } from './frontend-common.ts'
import { chosen, entriesOf } from './frontend-plan.ts'
import { addSteps, forwardWord, memberId, type NewMember } from './member-plan.ts'
import {
  addressQuestion,
  clones,
  isIn,
  newcomerWarnings,
  notIn,
  ofFrontend,
  portOf,
  remarksOnNew,
  writable,
  wrongAddress,
} from './new-member.ts'

export const clone: Change<FrontendRecord> = {
  ...common,
  verb: 'clone',
  key: 'c',
  title: 'Clone',
  help: 'Adds a front end like this one: the same services, ways and checks, another address.',
  risk: 'disruptive',
  patience: 60,
  oneByOne: true,
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
  undo: (_frontend, { address = '', service = 'all' }) => removal(address, service),
}

/** Takes away what was added. */
function removal(address: string, service: string): Undo {
  const wanted = addressOf(memberId(address, 0) ?? address)
  return {
    verb: 'remove',
    answers: { service },
    targets: ({ frontends }) => frontends.filter((one) => one.address === wanted),
  }
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
  oneByOne: true,
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
  undo: ({ name }, { address = '' }) => removal(address, name),
}

export const serviceActions: readonly Change<ServiceRecord>[] = [add]
