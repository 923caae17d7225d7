import { BlockList } from 'node:net'
import { placeOf } from '../../fleet/balancer/did.ts'
import type { BalancerRecord } from '../../fleet/balancer/record.ts'
import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import type { ServiceRecord } from '../../fleet/service/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { ConfiguredReal } from '../../services/ldirectord/facts.ts'
import { addressOf } from '../../services/ldirectord/maintenance.ts'
import type { Context } from '../action.ts'
import { reloadWarnings } from '../balancer/reload-warnings.ts'
import type { Answers } from '../question.ts'
import { countingFor, leftOut, readable, remarks } from './common.ts'
import { forwardWord, memberId, type NewMember, unwritable } from './member-plan.ts'
import { chosen, entriesOf } from './plan.ts'

/** Whether the tables and the configurations of all balancers that answer are known, and can be written. */
export function writable(
  virtuals: readonly string[],
  counting: readonly string[],
  snapshot: Snapshot,
): true | Label {
  const can = readable(counting, snapshot)
  return can === true ? (unwritable(virtuals, snapshot) ?? true) : can
}

export function writableFor(frontend: FrontendRecord, { snapshot }: Pick<Context, 'snapshot'>): true | Label {
  return writable(
    frontend.services.map(({ virtual }) => virtual),
    countingFor(frontend),
    snapshot,
  )
}

/** The side effects of a reload, and what ldirectord does with a server that it has not checked yet. */
export function newcomerWarnings(
  members: readonly NewMember[],
  { balancers: all }: Snapshot,
): readonly Label[] {
  const balancers = all.filter((one) => members.some(({ virtual }) => configuredIn(one, virtual)))
  const isTrusted = balancers.some(
    ({ ldirectord }) => ldirectord?.daemon && !ldirectord.config?.readdquiescent,
  )
  return [
    ...reloadWarnings(balancers),
    // Seen with ldirectord 4.12: "Added … (Weight set to 4)", and a second later "Quiescent".
    ...(isTrusted
      ? [
          say`it takes connections for about a second before its first check (readdquiescent=no): it should be answering already`,
        ]
      : []),
  ]
}

/** This host, broadcast, multicast and reserved addresses (RFC 6890). */
function isImpossible(address: string, family: 'ipv4' | 'ipv6'): boolean {
  const impossible = new BlockList()
  impossible.addSubnet('0.0.0.0', 8)
  impossible.addSubnet('127.0.0.0', 8)
  impossible.addSubnet('224.0.0.0', 3)
  impossible.addSubnet('::', 127, 'ipv6')
  impossible.addSubnet('ff00::', 8, 'ipv6')
  return impossible.check(address, family)
}

export const addressQuestion = {
  id: 'address',
  text: say`Its address`,
  value: 'ADDRESS',
  needed: true,
} as const

/** Why this cannot be a server's address in this family. */
export function wrongAddress(value: string, family: 4 | 6): Label | undefined {
  const id = memberId(value, 1)
  if (id === undefined) return say`an IPv4 or IPv6 address, with a port from 1 to 65535 if any`
  if (familyOf(id) !== family) return say`an IPv${family} address, as the others of its services`
  return isImpossible(addressOf(id), family === 6 ? 'ipv6' : 'ipv4')
    ? say`${label(value)} cannot be the address of a server`
    : undefined
}

export function takenByService(value: string, { balancers }: Snapshot): Label | undefined {
  const id = memberId(value, 1) ?? ''
  const taken = balancers.some(({ lvs }) => lvs?.services.some(({ address }) => address === addressOf(id)))
  return taken ? say`${label(value)} is the address of a virtual service` : undefined
}

/** Of the address in `10.9.0.11:389`, `[fd00::11]:636`, `TCP [fd00::100]:636`, `FWM 7 IPv6`. */
export function familyOf(place: string): 4 | 6 {
  return /\[| IPv6$|:.*:/.test(place) ? 6 : 4
}

/** Done when it takes connections, or is in the table with weight 0, and every configuration that was read again has it. */
export function areIn(members: readonly NewMember[], snapshot: Snapshot): true | undefined {
  return (
    members.every(({ virtual, id, weight }) => {
      const found = realIn(virtual, id, snapshot)
      const isServing = found && found.duty !== 'missing' && (found.weight > 0 || weight === 0)
      const lacks = (balancer: BalancerRecord) =>
        !balancer.lvsTrouble && configuredIn(balancer, virtual)?.every((real) => real.id !== id)
      return isServing && isChecked(found, snapshot) && !snapshot.balancers.some(lacks)
    }) || undefined
  )
}

/** Milliseconds: ldirectord gives a new server its weight at once, and takes it back a second later if the first check fails. */
const firstCheck = 3_000

function isChecked({ virtual, real, balancer }: FrontendService, { balancers }: Snapshot): boolean {
  const record = balancers.find(({ host }) => host === balancer)
  const did = record?.lastDid.get(`${placeOf({ id: virtual })} ${real}`)
  return did?.kind !== 'added' || (record?.lvs?.at ?? 0) - did.at >= firstCheck
}

export function configuredIn(
  { ldirectord }: BalancerRecord,
  virtual: string,
): readonly ConfiguredReal[] | undefined {
  return ldirectord?.config?.virtuals.find(({ id }) => id === virtual)?.reals
}

export function realIn(virtual: string, id: string, { frontends }: Snapshot) {
  return frontends
    .flatMap(({ services }) => services)
    .find((one) => one.virtual === virtual && one.real === id)
}

export function whyNotIn(members: readonly NewMember[], snapshot: Snapshot): Label | undefined {
  const waiting = members.filter(({ virtual, id }) => {
    const found = realIn(virtual, id, snapshot)
    return found?.weight === 0 && found.duty !== 'missing'
  })
  return waiting.length === members.length
    ? say`it is in the table, but its check fails: ldirectord lets nobody in`
    : undefined
}

export function remarksOnNew(members: readonly NewMember[], snapshot: Snapshot): Label | undefined {
  const address = addressOf(members[0]?.id ?? '')
  const known = snapshot.frontends.find((one) => one.address === address)
  return remarks([
    leftOut(snapshot),
    known !== undefined &&
      known.host === undefined &&
      say`${label(address)} is not in the configuration of vdd`,
  ])
}

/** The real servers of a new front end like this one. */
export function clones(frontend: FrontendRecord, answers: Answers, snapshot: Snapshot): NewMember[] {
  const { address = '' } = answers
  const entries = entriesOf(frontend, answers, snapshot)
  return chosen(frontend, answers).flatMap(({ virtual, real, weight: now, configuredWeight }) => {
    const id = memberId(address, Number(/\d+$/.exec(real)?.[0] ?? 0))
    const entry = entries.find((one) => one.virtual === virtual && one.real === real)
    const line = entry?.configured?.virtual.reals.find((one) => one.id === real)
    const forward = entry?.inTable?.real.forward ?? line?.forward ?? 'Route'
    // Of one that is out, and that no configuration has, nobody knows the weight.
    const weight = configuredWeight ?? (now || 1)
    return id ? [{ virtual, id, model: real, forward: forwardWord(forward), weight }] : []
  })
}

/** The default port of a real server: that of the others, else the service's. */
export function portOf({ name, reals }: Pick<ServiceRecord, 'name' | 'reals'>): number {
  return Number(/:(\d+)$/.exec(reals[0]?.real ?? name)?.[1] ?? 0)
}
