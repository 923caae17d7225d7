import type { ServiceRecord } from '../../fleet/service/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { label, say } from '../../hosts/label.ts'
import type { Change } from '../action.ts'
import { weightQuestion } from '../frontend/common.ts'
import { joining } from '../frontend/joining.ts'
import { forwardWord, memberId, type NewMember } from '../frontend/member-plan.ts'
import {
  addressQuestion,
  familyOf,
  portOf,
  takenByService,
  writable,
  wrongAddress,
} from '../frontend/new-member.ts'
import type { Answers, Question } from '../question.ts'

function added(service: ServiceRecord, { address = '', weight, forward }: Answers): NewMember[] {
  const id = memberId(address, portOf(service))
  if (!id) return []
  return [{ virtual: service.name, id, weight: Number(weight), forward: forward as NewMember['forward'] }]
}

/** The forwarding method of the first server, and nearly always of all. */
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
      ? say`a different port needs masq: the others cannot change it`
      : undefined
  },
}

const add: Change<ServiceRecord> = {
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
      text: say`Its address, with its port if that is different`,
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
