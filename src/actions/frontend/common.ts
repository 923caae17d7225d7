import { amissText, isSilent, silenceText } from '../../fleet/balancer/serving.ts'
import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Answers, Question } from '../question.ts'
import { isLast } from './plan.ts'

/** The last one in service: nobody gets in without it, so a habitual yes is not enough. */
export function lastOne(
  frontend: FrontendRecord,
  answers: Answers,
  snapshot: Snapshot,
  together: readonly FrontendRecord[] = [],
): Label | undefined {
  return isLast(frontend, answers, snapshot, together)
    ? say`nobody else takes new connections then`
    : undefined
}

/** The state of a service on one front end, or on how many of several it is in service. */
function dutyText(all: readonly FrontendService[]): Label {
  const [first] = all
  const serving = all.filter(({ duty }) => duty === 'in service').length
  return first && all.length === 1
    ? say`${label(first.duty)}, weight ${first.weight}`
    : say`${serving} of ${all.length} in service`
}

export const whichService: Question<FrontendRecord> = {
  id: 'service',
  text: say`Which service?`,
  value: 'SERVICE',
  when: ({ services }) => services.length > 1,
  choices: (_one, _snapshot, _now, _answers, together) => [
    { value: 'all', title: say`all of them` },
    ...[
      ...Map.groupBy(
        together.flatMap(({ services }) => services),
        ({ virtual }) => virtual,
      ),
    ].map(([virtual, all]) => ({ value: virtual, title: label(virtual), note: dutyText(all) })),
  ],
  default: 'all',
  refuses: (value, { services }) =>
    value === 'all' || services.some(({ virtual }) => virtual === value)
      ? undefined
      : say`no service ${label(value)}; there are ${label(services.map(({ virtual }) => virtual).join(', '))}`,
}

export function weightQuestion<T = FrontendRecord>(rest: Partial<Question<T>>): Question<T> {
  return {
    id: 'weight',
    text: say`Weight`,
    value: 'NUMBER',
    wrong: (value) =>
      /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : say`a whole number from 0 to 65535`,
    ...rest,
  }
}

/** The parts that all these have in common. */
export const common = { kind: 'change', subject: 'frontend', group: 'duty' } as const

/** Why it is not known who serves: a balancer that may serve does not answer. `undefined`: it is known. */
export function unansweredFor(
  counting: readonly string[],
  { balancers, services }: Snapshot,
): Label | undefined {
  const unknown = services.find(
    ({ amiss, balancer }) => amiss?.word === 'not known' && counting.includes(balancer),
  )
  if (unknown?.amiss) return amissText(unknown.amiss)
  const [first] = balancers.filter(
    (one) => isSilent(one) && (!counting.length || counting.includes(one.host)),
  )
  return first && silenceText(first)
}

/**
 * Whether it is known who owns the weights. This needs the table of every active balancer, and the state of ldirectord on every balancer
 * that answers. A standby that does not answer does not prevent the action.
 */
export function readable(counting: readonly string[], snapshot: Snapshot): true | Label {
  const { balancers } = snapshot
  const unanswered = unansweredFor(counting, snapshot)
  if (unanswered) return unanswered
  if (!counting.length) return say`no balancer knows it`
  for (const { host, lvsTrouble, ldirectord, ldirectordTrouble } of balancers) {
    if (lvsTrouble) continue
    const unknown = ldirectordTrouble?.reason ?? ldirectord?.partial
    if (unknown) return say`who owns the weights on ${label(host)} is not known: ${unknown}`
    if (!ldirectord) return say`ldirectord on ${label(host)} has not been asked yet`
    if (ldirectord.daemon && ldirectord.notLoaded)
      return say`${label(host)}: ${label(ldirectord.configFile)} was changed and is not loaded; what ldirectord would do is not known`
  }
  return true
}

/** A balancer that does not answer is not changed: a failover to it undoes this change. */
export function leftOut({ balancers }: Snapshot): Label | 0 {
  const silent = balancers.filter(({ lvsTrouble }) => lvsTrouble).map(({ host }) => host)
  return silent.length ? say`${label(silent.join(', '))} does not answer: a failover to it undoes this` : 0
}

/** The active balancers of a front end's services. */
export function countingFor({ services }: FrontendRecord): string[] {
  return [...new Set(services.map(({ balancer }) => balancer))]
}

/** Joins the remarks that apply. */
export function remarks(all: readonly (Label | 0 | false)[]): Label | undefined {
  const said = all.filter((one) => one !== 0 && one !== false)
  return said.length ? joined(said, '; ') : undefined
}

/** The common value; `undefined`: they differ, or there is none. */
export function only<T>(values: readonly T[]): T | undefined {
  return new Set(values).size === 1 ? values[0] : undefined
}
