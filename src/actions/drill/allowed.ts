import type { Fleet } from '../../fleet/fleet.ts'
import { type Label, say } from '../../hosts/label.ts'

/** Why nothing is broken here, whatever it is. */
export function whyNone({ readOnly, drills }: Pick<Fleet, 'readOnly' | 'drills'>): Label | undefined {
  if (readOnly) return say`this console is read-only`
  if (drills) return undefined
  return say`this cluster says nowhere that drills are allowed (drills: allowed in the configuration)`
}
