import type { Action, FrontendAction, MachineAction } from './action.ts'
import { clone, serviceActions } from './add.ts'
import { balancerActions } from './balancer.ts'
import { hostActions } from './create.ts'
import { frontendActions as duty } from './frontend.ts'
import { machineActions } from './machine.ts'
import { remove } from './remove.ts'

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
