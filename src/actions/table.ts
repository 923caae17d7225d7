import type { Action, Change, Look } from './action.ts'
import { balancerActions } from './balancer/actions.ts'
import { displayActions } from './display/actions.ts'
import { frontendActions } from './frontend/actions.ts'
import { hostActions } from './host/actions.ts'
import { machineActions } from './machine/actions.ts'
import { nodeActions } from './node/actions.ts'
import { resourceActions } from './resource/actions.ts'
import { serviceActions } from './service/actions.ts'
import { sessionActions } from './session/actions.ts'
import type { Subject, Targets } from './subjects.ts'

/** Everything that a person can do to the cluster, by what it is done to. Keys, help, palette, verbs, read-only mode and docs come from here. */
export const actionsOf = {
  machine: machineActions,
  host: hostActions,
  frontend: frontendActions,
  service: serviceActions,
  balancer: balancerActions,
  session: sessionActions,
  display: displayActions,
  node: nodeActions,
  resource: resourceActions,
} satisfies { readonly [S in Subject]: readonly (Change<Targets[S]> | Look<Targets[S]>)[] }

export const actions: readonly Action[] = Object.values(actionsOf).flat()

/** Those of a kind whose verbs are of that kind. */
export function verbsOf<S extends Subject>(subject: S): readonly (typeof actionsOf)[S][number][] {
  const all: readonly (typeof actionsOf)[S][number][] = actionsOf[subject]
  return all.filter(({ apart }) => !apart)
}

/** What a person types for it: on the command line behind its kind, in the palette alone. */
export function wordOf({ verb, called = verb }: Pick<Action, 'verb' | 'called'>): string {
  return called
}

/** What is called so; more than one: several kinds have it. */
export function actionsCalled(word: string): readonly Action[] {
  return actions.filter((one) => wordOf(one) === word)
}
