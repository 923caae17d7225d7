import { isIP } from 'node:net'
import { type Label, label, say } from '../../hosts/label.ts'
import type { ConfiguredVirtual } from '../../services/ldirectord/facts.ts'
import { addressOf } from '../../services/ldirectord/maintenance.ts'
import type { LvsReading, VirtualService } from '../../services/lvs/facts.ts'
import type { Concern, Ref } from '../ref.ts'
import type { BalancerRecord } from './record.ts'

/** Why a virtual service is not served as it should be, whatever its real servers do. */
export interface Amiss {
  readonly word: 'held twice' | 'no holder' | 'not in table' | 'not known'
  /** what it is about: the address, or a balancer */
  readonly name: Label
  readonly text: Label
  readonly advice: Label
  /** what is said when it has ended */
  readonly over: Label
}

/** Who serves a virtual service now. Rows, shares, alerts and plans all go by this. */
export interface Serving {
  /** as the kernel's table names it: `TCP 10.9.0.100:389` */
  readonly id: string
  /** the balancer that counts: it holds the address, or was the last one known to */
  readonly balancer: BalancerRecord
  /** the service in its table; none: it is not there */
  readonly service?: VirtualService
  /** the service in its configuration */
  readonly configured?: ConfiguredVirtual
  /** the real servers that other balancers have for it, for where this one has none */
  readonly elsewhere: readonly string[]
  /** the balancers that take the clients now; several hold the address at once, none: nobody does, or it is not known who */
  readonly takers: readonly BalancerRecord[]
  readonly amiss?: Amiss
}

/** All virtual services that a balancer has in its table or its configuration, in the order of the tables. */
export function servingOf(balancers: readonly BalancerRecord[]): Serving[] {
  const all = balancers.map(known)
  // Of one whose table was never read nobody can say what is not in it.
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

/** Why services are not served, once where several have the same reason. Who does not answer is told of by itself. */
export function amissOf(
  servings: readonly Serving[],
): { readonly amiss: Amiss; readonly concern: Concern }[] {
  const all = servings.flatMap(({ id, balancer: { host }, amiss }) => {
    if (!amiss || amiss.word === 'not known') return []
    // An address has several services: of that the balancer is told.
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

/** Of a name that stands for no address nobody can say who holds it: that is told with its line. */
function isResolved(id: string): boolean {
  return id.startsWith('FWM ') || addressOfService(id) !== undefined
}

function realsIn(id: string, having: readonly Known[]): string[] {
  const all = having.map(({ table, configured }) => configured.get(id) ?? table.get(id))
  return [...new Set(all.flatMap((one) => one?.reals.map((real) => real.id) ?? []))]
}

/** What is told of a service, but for what others have. */
type ServedBy = Omit<Serving, 'elsewhere'>

function made(
  id: string,
  { balancer, table, configured }: Known,
  rest: Pick<Serving, 'takers' | 'amiss'>,
): ServedBy {
  const [service, own] = [table.get(id), configured.get(id)]
  return { id, balancer, ...(service ? { service } : {}), ...(own ? { configured: own } : {}), ...rest }
}

/** What its table is now is not known. */
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

/** Milliseconds since the epoch: from then on that was seen which a reading tells. */
function beganAt({ at, took = 0 }: LvsReading): number {
  return at - took
}

/** When a balancer was last seen to take an address, or to give it up. */
function changedAt(address: string, { balancer: { handed } }: Known): number {
  return handed?.get(address) ?? Number.NEGATIVE_INFINITY
}

function byAddress(id: string, address: string, having: readonly Known[], all: readonly Known[]): ServedBy {
  const speaking = all.filter(({ balancer }) => !isSilent(balancer))
  const holding = speaking.filter(holds(address))
  // What was read before another took it does not tell how it is since.
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
  // Who does not answer may have it still.
  const silent = all.filter(({ balancer }) => isSilent(balancer))
  const last = silent.find(holds(address)) ?? having.reduce((a, b) => later(address, a, b))
  if (isSilent(last.balancer) || !speaking.every(isSince(latest(all)))) return made(id, last, about)
  return made(id, last, { ...about, amiss: silent.length ? unknown(address, silent) : nobody(address) })
}

/** The one that had an address last, as far as that is known; else the one whose table is not empty. */
function later(address: string, a: Known, b: Known): Known {
  const signs = (one: Known) => [changedAt(address, one), one.table.size && 1]
  return compare(signs(b), signs(a)) > 0 ? b : a
}

/**
 * A firewall mark has no address of which a balancer could be asked whether it has it: it goes by who holds addresses of other
 * services, then by whose ldirectord runs, then by who has it in the table, then by who would have it.
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
  // That one is active which does not have it is how it should be for one that stands by.
  const isMeant = !isSilent(one.balancer) && (isActive(one) || one.table.has(id) || !all.some(isActive))
  const amiss = isMeant ? lacking(id, one) : undefined
  return made(id, one, { takers: isMeant ? [one.balancer] : [], ...(amiss ? { amiss } : {}) })
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) > (b[at] ?? 0) ? 1 : -1
}

/** The one that takes the clients does not have the service: `undefined`: it has. */
function lacking(id: string, { balancer, table, configured }: Known, address?: string): Amiss | undefined {
  if (table.has(id)) return undefined
  const host = label(balancer.host)
  const advice = balancer.ldirectord?.daemon ? say`` : say`systemctl start ldirectord on ${host}`
  const about = { word: 'not in table', advice } as const
  if (address !== undefined && !table.size)
    return {
      ...about,
      name: label(address),
      over: say`${label(address)}: the table of who has it is not empty any more`,
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
    over: say`${label(address)}: not held by several any more`,
  }
}

function nobody(address: string): Amiss {
  return {
    word: 'no holder',
    name: label(address),
    text: say`held by no balancer: nobody gets in`,
    advice: say`see what became of the failover`,
    over: say`${label(address)}: held by a balancer again`,
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
  }
}
