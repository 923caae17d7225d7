import { movingWith, runningOn } from '../fleet/cluster/together.ts'
import { isChannel, isHere } from '../fleet/display/record.ts'
import {
  type Hit,
  hitAtHosts,
  hitAtServices,
  hitByResources,
  hitInSessions,
  hitOnMachines,
  hitTexts,
} from '../fleet/hit.ts'
import { desktopOn } from '../fleet/session/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import type { Label } from '../hosts/label.ts'
import type { Change } from './action.ts'
import { chosen } from './frontend/plan.ts'
import type { Answers } from './question.ts'
import type { Subject, Targets } from './subjects.ts'

/** What goes on at several targets of one kind. A kind without it does not compile. */
type GoingOn<T> = (targets: readonly T[], answers: Answers, snapshot: Snapshot) => Hit

const goingOn: { readonly [S in Subject]: GoingOn<Targets[S]> } = {
  machine: (machines, _answers, snapshot) => hitOnMachines(machines, snapshot),
  host: (hosts, _answers, snapshot) => atHosts(hosts, snapshot),
  balancer: (hosts, _answers, snapshot) => atHosts(hosts, snapshot),
  frontend: (frontends, answers) => hitAtServices(frontends.flatMap((one) => chosen(one, answers))),
  service: (services) => hitAtServices(services.flatMap(({ reals }) => reals)),
  session: (sessions) => hitInSessions(sessions),
  display: (displays) => hitInSessions(displays.filter(isChannel).filter(isHere).map(desktopOn)),
  node: (nodes, _answers, snapshot) =>
    hitByResources(
      nodes.flatMap((one) => runningOn(one, snapshot)),
      snapshot,
    ),
  resource: (resources, _answers, snapshot) =>
    hitByResources(
      resources.flatMap((one) => movingWith(one, snapshot)),
      snapshot,
    ),
}

function atHosts(hosts: readonly Targets['host'][], snapshot: Snapshot): Hit {
  return hitAtHosts(
    hosts.map(({ name }) => name),
    snapshot,
  )
}

/** Whom and what a change hits, and that in words. */
export interface Hits {
  readonly hit: Hit
  /** a sentence each */
  readonly texts: readonly Label[]
}

/** Whom and what a change hits at all its targets together; undefined: it hits nobody, whoever is there. */
export function whomItHits<T>(
  { hits, subject }: Pick<Change<T>, 'hits' | 'subject'>,
  targets: readonly T[],
  answers: Answers,
  snapshot: Snapshot,
): Hits | undefined {
  const [first] = targets
  if (first === undefined || hits === undefined) return undefined
  const felt = typeof hits === 'function' ? hits(answers, first, snapshot) : hits
  if (!felt) return undefined
  const of: GoingOn<never> = goingOn[subject]
  const hit = of(targets as never, answers, snapshot)
  return { hit, texts: hitTexts(hit, felt, targets.length > 1) }
}
