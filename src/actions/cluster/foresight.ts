import { listed } from '../../fleet/cluster/places.ts'
import { type Host, whyOf } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { type Foreseen, type Simulation, simulate } from '../../services/pacemaker/simulate.ts'
import { isTold, stopped } from '../../services/pacemaker/verbs.ts'
import type { Step } from '../../services/step.ts'
import type { Context, Foresight } from '../action.ts'
import { handOverForeseen } from './heartbeat.ts'

/** What the cluster would do after these steps, which one of its nodes is asked; that it cannot be known is told, too. Undefined: none is told to a cluster. */
export function foreseen(
  steps: readonly Step[],
  { fleet }: Context,
  signal: AbortSignal,
): Promise<Foresight> | undefined {
  const handedOver = handOverForeseen(steps)
  if (handedOver) return Promise.resolve(handedOver)
  const told = steps.filter(isTold)
  const [first] = told
  return first && asked(told, fleet.member(first.host)?.host, signal)
}

async function asked(
  steps: readonly Step[],
  host: Host | undefined,
  signal: AbortSignal,
): Promise<Foresight> {
  if (!host) return { texts: [say`what the cluster would do is not known`] }
  try {
    const simulation = await simulate(host, steps, signal)
    const meant = new Set(steps.flatMap((step) => stopped(step) ?? []))
    // What is to be stopped runs nowhere then, and that is no surprise.
    return inWords({ ...simulation, nowhere: simulation.nowhere.filter((one) => !meant.has(one)) })
  } catch (error) {
    return { texts: [say`what the cluster would do is not known: ${whyOf(error)}`] }
  }
}

/** A sentence for each thing that happens to some resources alike. */
export function inWords({ stages, fenced, nowhere }: Simulation): Foresight {
  const [now = [], ...later] = stages
  const then = later.flat()
  const names = listed(nowhere)
  return {
    texts: [
      ...(now.length ? sentences(now) : [say`nothing is stopped, moved or started`]),
      ...sentences(then).map((text) => say`and when the rule is cleared again: ${text}`),
      ...fenced.map((node) => say`${node} is fenced`),
    ],
    ...(stages.flat().length || fenced.length ? {} : { isUnfelt: true }),
    ...(nowhere.length
      ? { grave: say`${names} ${nowhere.length === 1 ? say`runs` : say`run`} nowhere then` }
      : {}),
  }
}

/** Of one and of several. */
const words: Readonly<Record<string, readonly [Label, Label]>> = {
  move: [say`moves`, say`move`],
  migrate: [say`moves live`, say`move live`],
  stop: [say`stops`, say`stop`],
  start: [say`starts`, say`start`],
  restart: [say`is restarted`, say`are restarted`],
  recover: [say`is recovered`, say`are recovered`],
  promote: [say`is promoted`, say`are promoted`],
  demote: [say`is demoted`, say`are demoted`],
}

function sentences(actions: readonly Foreseen[]): Label[] {
  const alike = Map.groupBy(actions, ({ how, from, on }) => JSON.stringify([how, from, on]))
  return [...alike.values()].map((all) => {
    const [{ how, from, on }] = all as [Foreseen, ...Foreseen[]]
    const names = [...new Set(all.map(({ resource }) => resource))]
    const [one, several] = words[how] ?? [label(how), label(how)]
    const where = from && on && from !== on ? say` from ${from} to ${on}` : on ? say` on ${on}` : say``
    return say`${listed(names)} ${names.length === 1 ? one : several}${where}`
  })
}
