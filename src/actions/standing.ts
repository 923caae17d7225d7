import type { Snapshot } from '../fleet/snapshot.ts'
import type { Label } from '../hosts/label.ts'
import type { Standing } from './action.ts'
import { balancerStanding } from './balancer/standing.ts'
import { displayStanding } from './display/standing.ts'
import { frontendStanding } from './frontend/standing.ts'
import { hostStanding } from './host/standing.ts'
import { machineStanding } from './machine/standing.ts'
import { nodeStanding } from './node/standing.ts'
import { resourceStanding } from './resource/standing.ts'
import { serviceStanding } from './service/standing.ts'
import { sessionStanding } from './session/standing.ts'
import { presentOf, type Subject, type Targets } from './subjects.ts'

/** The state of each kind, which the journal keeps before and after a change. A kind without it does not compile. */
const standings: { readonly [S in Subject]: Standing<Targets[S], object> } = {
  machine: machineStanding,
  host: hostStanding,
  frontend: frontendStanding,
  service: serviceStanding,
  balancer: balancerStanding,
  session: sessionStanding,
  display: displayStanding,
  node: nodeStanding,
  resource: resourceStanding,
}

/** The state of one object at a moment. */
interface Stood {
  readonly facts: object
  /** `other`: the state of the same object at another moment */
  readonly words: (other?: Stood) => Label | undefined
}

/** The present state of a target; undefined: it is gone, or not known. */
export function standingIn(subject: Subject, target: unknown, snapshot: Snapshot): Stood | undefined {
  const now = presentOf(subject, target, snapshot)
  if (now === undefined) return undefined
  const standing: Standing<never, object> = standings[subject]
  const facts = standing.facts(now as never, snapshot)
  return facts && { facts, words: (other) => standing.words(facts, other?.facts ?? facts) }
}

/** The same in words. */
export function stateWords(subject: Subject, target: unknown, snapshot: Snapshot): Label | undefined {
  return standingIn(subject, target, snapshot)?.words()
}
