import type { Action, FrontendAction, MachineAction } from './action.ts'
import { balancerActions } from './balancer/actions.ts'
import { clone, serviceActions } from './frontend/add.ts'
import { frontendActions as duty } from './frontend/duty.ts'
import { remove } from './frontend/remove.ts'
import { hostActions } from './host/actions.ts'
import { machineActions } from './machine/actions.ts'

const frontendActions: readonly FrontendAction[] = [...duty, clone, remove]

/** Everything that a person can do to the cluster. Keys, help, palette, verbs, read-only mode and docs come from here. */
export const actions: readonly Action[] = [
  ...machineActions,
  ...hostActions,
  ...frontendActions,
  ...serviceActions,
  ...balancerActions,
]

export function machineAction(verb: string): MachineAction | undefined {
  return machineActions.find((action) => action.verb === verb)
}

export { balancerActions, frontendActions, hostActions, machineActions, serviceActions }
