import type { Action, MachineAction } from './action.ts'
import { hostActions } from './create.ts'
import { machineActions } from './machine.ts'

/** Everything that a person can do to the cluster. Keys, help, palette, verbs, read-only mode and docs come from here. */
export const actions: readonly Action[] = [...machineActions, ...hostActions]

export { hostActions, machineActions }

export function machineAction(verb: string): MachineAction | undefined {
  return machineActions.find((action) => action.verb === verb)
}
