import { isAsking, type Poll, pollsOf } from '../fleet/polls.ts'
import type { Facts, Snapshot } from '../fleet/snapshot.ts'
import { type Label, label, say } from '../hosts/label.ts'

/** A host that is asked for what a list shows. */
type Teller = Pick<Poll, 'host' | 'isAnswered' | 'trouble' | 'isSeldom'>

/** From whom a list comes. */
export interface Source {
  readonly tellers: (snapshot: Snapshot) => readonly Teller[]
  /** what is to be said where the configuration names nobody who could tell */
  readonly nobody: Label
}

/** The hypervisors, of their machines. */
export const hypervisors: Source = {
  tellers: ({ hosts, seenAt }) =>
    hosts.flatMap(({ name, roles, trouble }) =>
      roles.includes('hypervisor')
        ? { host: name, isAnswered: seenAt.has(name), ...(trouble ? { trouble } : {}) }
        : [],
    ),
  nobody: say`no host of the configuration is a hypervisor`,
}

/** Those of whom these facts come. */
export function askedFor(facts: keyof Facts, nobody: Label): Source {
  return { tellers: (snapshot) => pollsOf(snapshot).filter((one) => one.facts === facts), nobody }
}

/** The display servers: of displays, and of the sessions and terminals that are seen by them. */
export const displayServers = askedFor(
  'displays',
  say`no host of the configuration is a display server (docs/displays.md)`,
)

/** The balancers, of what they serve. */
export function balancers(nobody: Label): Source {
  return {
    tellers: ({ balancers }) =>
      balancers.map(({ host, lvs, lvsTrouble }) => ({
        host,
        isAnswered: !!lvs,
        ...(lvsTrouble ? { trouble: lvsTrouble } : {}),
      })),
    nobody,
  }
}

/** So many hosts are named. */
const mostNamed = 3

/** `hv1, hv2, hv3 and 4 more`, each once. */
function namesOf(tellers: readonly Teller[]): Label {
  const names = [...new Set(tellers.map(({ host }) => host))]
  const more = names.length - mostNamed
  return say`${label(names.slice(0, mostNamed).join(', '))}${more > 0 ? say` and ${more} more` : say``}`
}

/** Why what these tell is not known, or not all of it; undefined: all have told. */
export function unknownText(tellers: readonly Teller[]): Label | undefined {
  const silent = tellers.filter(({ trouble }) => trouble)
  const asking = tellers.filter(isAsking)
  if (asking.length)
    return say`asking ${namesOf(asking)}${asking.every(isSeldom) ? say`, once a minute` : say``}`
  if (!silent.length) return undefined
  const how = silent.length < tellers.length ? say`not all is known` : say`not known`
  return say`${how}: ${namesOf(silent)} cannot be read`
}

const isSeldom = (teller: Teller) => teller.isSeldom === true
