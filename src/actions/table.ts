import type { Action, Change, Look } from './action.ts'
import { balancerActions } from './balancer/actions.ts'
import { displayActions } from './display/actions.ts'
import { frontendActions } from './frontend/actions.ts'
import { hostActions } from './host/actions.ts'
import { machineActions } from './machine/actions.ts'
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
} satisfies { readonly [S in Subject]: readonly (Change<Targets[S]> | Look<Targets[S]>)[] }

export const actions: readonly Action[] = Object.values(actionsOf).flat()
