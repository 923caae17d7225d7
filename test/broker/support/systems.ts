import type { SystemConfig, SystemMachine } from '../../../src/config/desk.ts'

/** A system of these machines, as the configuration gives it. */
export function systemOf(
  name: string,
  machines: readonly (string | (Partial<SystemMachine> & { name: string }))[],
  given: Partial<Omit<SystemConfig, 'name' | 'machines'>> = {},
): SystemConfig {
  return {
    name,
    title: { en: name },
    machines: machines.map((one) => ({ always: false, ...(typeof one === 'string' ? { name: one } : one) })),
    shows: 'session',
    keep: false,
    limits: {},
    people: 1,
    ready: 0,
    ...given,
  }
}
