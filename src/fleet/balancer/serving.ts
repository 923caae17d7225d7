import { isIP } from 'node:net'
import { type Label, label, say } from '../../hosts/label.ts'
import type { ConfiguredVirtual } from '../../services/ldirectord/facts.ts'
import { addressOf } from '../../services/ldirectord/maintenance.ts'
import type { LvsReading, VirtualService } from '../../services/lvs/facts.ts'
import type { Condition } from '../alerts/conditions.ts'
import type { Concern, Ref } from '../ref.ts'
import type { BalancerRecord } from './record.ts'

/** Why a virtual service is not served correctly, independent of its real servers. */
export interface Amiss {
  readonly word: 'held twice' | 'no holder' | 'not in table' | 'not known'
  /** what it is about: the address, or a balancer */
  readonly name: Label
  readonly text: Label
  readonly advice: Label
  /** what is said when it has ended */
  readonly over: Label
  readonly types: NonNullable<Condition['types']>
}

/** Who serves a virtual service now. Rows, shares, alerts and plans all go by this. */
export interface Serving {
  /** as the kernel's table names it: `TCP 10.9.0.100:389` */
  readonly id: string
  /** the active balancer: it holds the address, or was the last one known to hold it */
  readonly balancer: BalancerRecord
  /** the service in its table; none: it is not there */
  readonly service?: VirtualService
  /** the service in its configuration */
  readonly configured?: ConfiguredVirtual
  /** the real servers on other balancers, if this one does not have the service */
  readonly elsewhere: readonly string[]
  /** the balancers that take the clients now; several: they hold the address at once; none: nobody holds it, or it is not known who */
  readonly takers: readonly BalancerRecord[]
  readonly amiss?: Amiss
}

/** All virtual services that a balancer has in its table or its configuration, in the order of the tables. */
export function servingOf(balancers: readonly BalancerRecord[]): Serving[] {
  const all = balancers.map(known)
  // A table that was never read does not tell what it lacks.
  const read = all.filter(({ balancer }) => balancer.lvs)
  const ids = new Set([
    ...read.flatMap(({ table }) => [...table.keys()]),
    ...read.flatMap(({ configured }) => [...configured.keys()].filter(isResolved)),
  ])
  return [...ids].map((id) => {
    const having = read.filter(({ table, configured }) => table.has(id) || configured.has(id))
    const address = addressOfService(id)
    const serving = address === undefined ? byMark(id, having, all) : byAddress(id, address, having, all)
    return { ...serving, elsewhere: serving.service || serving.configured ? [] : realsIn(id, having) }
  })
}

/** The address of a virtual service: `undefined` for a firewall mark. */
export function addressOfService(id: string): string | undefined {
  const address = addressOf(id.slice(id.indexOf(' ') + 1))
  return isIP(address) ? address : undefined
}

/** The addresses of all virtual services that a balancer has in its table or its configuration. */
export function serviceAddresses(balancers: readonly BalancerRecord[]): Set<string> {
  const ids = balancers.flatMap(({ lvs, ldirectord }) => [
    ...(lvs?.services ?? []),
    ...(ldirectord?.config?.virtuals ?? []),
  ])
  return new Set(ids.flatMap(({ id }) => addressOfService(id) ?? []))
}

/** Why services are not served, once for each reason. Balancers that do not answer have their own alert. */
export function amissOf(
  servings: readonly Serving[],
): { readonly amiss: Amiss; readonly concern: Concern }[] {
  const all = servings.flatMap(({ id, balancer: { host }, amiss }) => {
    if (!amiss || amiss.word === 'not known') return []
    // An address may have several services, so its alert is about the balancer.
    const about: Ref = amiss.name === host ? { kind: 'service', id } : { kind: 'host', id: host }
    return [{ amiss, concern: { about, host, name: amiss.name } }]
  })
  return [...new Map(all.map((one) => [amissText(one.amiss), one])).values()]
}

/** What is wrong, with what it is about: `10.9.0.100: lb2 has it and its table is empty: nobody serves`. */
export function amissText({ name, text }: Amiss): Label {
  return say`${name}: ${text}`
}

/** A balancer with its services by their names: there may be hundreds. */
interface Known {
  readonly balancer: BalancerRecord
  readonly table: ReadonlyMap<string, VirtualService>
  readonly configured: ReadonlyMap<string, ConfiguredVirtual>
}

function known(balancer: BalancerRecord): Known {
  const { lvs, ldirectord } = balancer
  return {
    balancer,
    table: new Map(lvs?.services.map((one) => [one.id, one])),
    configured: new Map(ldirectord?.config?.virtuals.map((one) => [one.id, one])),
  }
}

/** A name without an address has no holder; the problem of its configuration line tells of it. */
function isResolved(id: string): boolean {
  return id.startsWith('FWM ') || addressOfService(id) !== undefined
}

function realsIn(id: string, having: readonly Known[]): string[] {
  const all = having.map(({ table, configured }) => configured.get(id) ?? table.get(id))
  return [...new Set(all.flatMap((one) => one?.reals.map((real) => real.id) ?? []))]
}

/** How a service is served, without what other balancers have. */
type ServedBy = Omit<Serving, 'elsewhere'>

function made(
  id: string,
  { balancer, table, configured }: Known,
  rest: Pick<Serving, 'takers' | 'amiss'>,
): ServedBy {
  const [service, own] = [table.get(id), configured.get(id)]
  return { id, balancer, ...(service ? { service } : {}), ...(own ? { configured: own } : {}), ...rest }
}

/** Whether its present table is not known. */
export function isSilent({ lvs, lvsTrouble }: BalancerRecord): boolean {
  return !lvs || lvsTrouble !== undefined
}

/** Why it is not known: `lb1 does not answer: no route to host`. */
export function silenceText({ host, lvsTrouble }: BalancerRecord): Label {
  if (!lvsTrouble) return say`${label(host)} does not answer: no answer in time`
  const { kind, reason } = lvsTrouble
  const isUnheard = kind === 'timeout' || kind === 'unreachable'
  return isUnheard
    ? say`${label(host)} does not answer: ${reason}`
    : say`${label(host)}: its table cannot be read: ${reason}`
}

const holds = (address: string) => (one: Known) => one.balancer.lvs?.addresses.has(address) ?? false

/** The start of a reading, in milliseconds since the epoch. */
function beganAt({ at, took = 0 }: LvsReading): number {
  return at - took
}

/** When a balancer was last seen to take or release an address. */
function changedAt(address: string, { balancer: { handed } }: Known): number {
  return handed?.get(address) ?? Number.NEGATIVE_INFINITY
}

function byAddress(id: string, address: string, having: readonly Known[], all: readonly Known[]): ServedBy {
  const speaking = all.filter(({ balancer }) => !isSilent(balancer))
  const holding = speaking.filter(holds(address))
  // A reading from before another balancer took the address does not count any more.
  const isSince = (moment: number) => (one: Known) =>
    changedAt(address, one) === moment || (one.balancer.lvs && beganAt(one.balancer.lvs) >= moment)
  const latest = (some: readonly Known[]) => Math.max(...some.map((one) => changedAt(address, one)))
  const takers = holding.filter(isSince(latest(holding)))
  const [taker] = takers.filter(({ table }) => table.has(id)).concat(takers)
  const about = { takers: takers.map(({ balancer }) => balancer) }
  if (taker) {
    const amiss = takers.length > 1 ? twice(address, about.takers) : lacking(id, taker, address)
    return made(id, taker, { ...about, ...(amiss ? { amiss } : {}) })
  }
  // A silent balancer may still hold it.
  const silent = all.filter(({ balancer }) => isSilent(balancer))
  const last = silent.find(holds(address)) ?? having.reduce((a, b) => later(address, a, b))
  if (isSilent(last.balancer) || !speaking.every(isSince(latest(all)))) return made(id, last, about)
  return made(id, last, { ...about, amiss: silent.length ? unknown(address, silent) : nobody(address) })
}

/** The last known holder of an address; else the one whose table is not empty. */
function later(address: string, a: Known, b: Known): Known {
  const signs = (one: Known) => [changedAt(address, one), one.table.size && 1]
  return compare(signs(b), signs(a)) > 0 ? b : a
}

/**
 * A firewall mark has no address that shows which balancer is active. So the signs are, in this order: it answers, it holds addresses of
 * other services, its ldirectord runs, it has the mark in its table.
 */
function byMark(id: string, having: readonly Known[], all: readonly Known[]): ServedBy {
  const addresses = serviceAddresses(all.map(({ balancer }) => balancer))
  const signs = (one: Known) => {
    const held = [...addresses].filter((address) => holds(address)(one)).length
    return [
      Number(!isSilent(one.balancer)),
      held,
      Number(!!one.balancer.ldirectord?.daemon),
      Number(one.table.has(id)),
    ]
  }
  const one = having.reduce((a, b) => (compare(signs(b), signs(a)) > 0 ? b : a))
  const isActive = (other: Known) => signs(other).slice(1, 3).some(Boolean)
  // If another balancer is active without this mark, the one that has it configured stands by.
  const isMeant = !isSilent(one.balancer) && (isActive(one) || one.table.has(id) || !all.some(isActive))
  const amiss = isMeant ? lacking(id, one) : undefined
  return made(id, one, { takers: isMeant ? [one.balancer] : [], ...(amiss ? { amiss } : {}) })
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) > (b[at] ?? 0) ? 1 : -1
}

/** That the balancer that takes the clients lacks the service; `undefined`: it has it. */
function lacking(id: string, { balancer, table, configured }: Known, address?: string): Amiss | undefined {
  if (table.has(id)) return undefined
  const host = label(balancer.host)
  const advice = balancer.ldirectord?.daemon ? say`` : say`systemctl start ldirectord on ${host}`
  const about = { word: 'not in table', advice, types: ['service.unserved', 'service.served'] } as const
  if (address !== undefined && !table.size)
    return {
      ...about,
      name: label(address),
      over: say`${label(address)}: the table of its holder is no longer empty`,
      text: say`${host} has it and its table is empty: nobody serves`,
    }
  const where = configured.has(id) ? say`is configured and not in the table` : say`is not in the table`
  return {
    ...about,
    name: host,
    over: say`${label(id)} is in the table again`,
    text: say`${label(id)} ${where}: nobody gets in`,
  }
}

function twice(address: string, takers: readonly BalancerRecord[]): Amiss {
  const hosts = label(takers.map(({ host }) => host).join(' and '))
  const empty = takers.filter(({ lvs }) => !lvs?.services.length).map(({ host }) => label(host))
  const rest = empty[0] === undefined ? say`` : say`, and the table of ${empty[0]} is empty`
  return {
    word: 'held twice',
    name: label(address),
    text: say`held by ${hosts} at once${rest}`,
    advice: say`take it from the wrong one, or fence that one`,
    over: say`${label(address)}: no longer held by several`,
    types: ['address.twice', 'address.once'],
  }
}

function nobody(address: string): Amiss {
  return {
    word: 'no holder',
    name: label(address),
    text: say`held by no balancer: nobody gets in`,
    advice: say`check the failover`,
    over: say`${label(address)}: held by a balancer again`,
    types: ['address.nowhere', 'address.held'],
  }
}

function unknown(address: string, silent: readonly Known[]): Amiss {
  const hosts = label(silent.map(({ balancer }) => balancer.host).join(' and '))
  return {
    word: 'not known',
    name: label(address),
    text: say`${hosts} may have it, and cannot be read: who serves is not known`,
    advice: say``,
    over: say`${label(address)}: who serves is known again`,
    types: ['balancer.lost', 'balancer.back'],
  }
}
