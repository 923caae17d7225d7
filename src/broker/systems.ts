import type { SystemConfig } from '../config/desk.ts'
import type { Person } from './person.ts'

/** The systems that a person may choose. */
export function systemsFor(
  systems: readonly SystemConfig[],
  { groups: own }: Pick<Person, 'groups'>,
): SystemConfig[] {
  return systems.filter(({ groups }) => groups === undefined || groups.some((group) => own.includes(group)))
}

/** The one of these that has a machine; of this name, where one is named. */
export function systemWith(
  systems: readonly SystemConfig[],
  machine: string,
  name: string | undefined,
): SystemConfig | undefined {
  return systems.find(
    (one) => (name === undefined || one.name === name) && one.machines.some((has) => has.name === machine),
  )
}
