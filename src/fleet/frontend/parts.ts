import { ofHost } from '../by-host.ts'
import { type DirectoryRecord, lagOf } from '../directory/record.ts'
import type { ProcessRecord } from '../process/record.ts'
import type { RadiusRecord } from '../radius/radius-servers.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Duty, FrontendRecord, FrontendService } from './frontends.ts'

// The parts of a front end: its services, and what is known of its host.

/** The worst first. */
const duties: readonly Duty[] = [
  'no holder',
  'held twice',
  'failed',
  'missing',
  'weight 0',
  'maintenance',
  'returning',
  'not known',
  'in service',
]

/** How bad it is, 0 the worst. */
export function rankOf(duty: Duty): number {
  return duties.indexOf(duty)
}

/** The worst duty among its services, its rank (0 is the worst), and how many have it. Undefined: it has no service. */
export function worstOf({
  services,
}: Pick<FrontendRecord, 'services'>):
  | { readonly duty: Duty; readonly rank: number; readonly count: number }
  | undefined {
  const had = services.map(({ duty }) => duty)
  const duty = duties.find((one) => had.includes(one))
  return duty && { duty, rank: rankOf(duty), count: had.filter((one) => one === duty).length }
}

/** The sum over all its services. */
export function sumOf(
  { services }: Pick<FrontendRecord, 'services'>,
  of: (service: FrontendService) => number,
): number {
  return services.reduce((sum, one) => sum + of(one), 0)
}

/** The sum of a rate over its services; undefined: not known. */
export function rateOf(
  { services }: Pick<FrontendRecord, 'services'>,
  of: (rate: NonNullable<FrontendService['rate']>) => number,
): number | undefined {
  const rates = services.flatMap(({ rate }) => rate ?? [])
  return rates.length ? rates.reduce((sum, one) => sum + of(one), 0) : undefined
}

/** The slapd of a front end, if it is polled. */
export function directoryOf(
  { host }: FrontendRecord,
  { directories }: Snapshot,
): DirectoryRecord | undefined {
  return ofHost(directories, host)
}

/** The lag of its slapd in milliseconds; undefined: not known. */
export function frontendLag(frontend: FrontendRecord, snapshot: Snapshot, now: number): number | undefined {
  const directory = directoryOf(frontend, snapshot)
  return directory && lagOf(directory, now)
}

/** The FreeRADIUS of a front end, if it is polled. */
export function radiusOf({ host }: FrontendRecord, { radius }: Snapshot): RadiusRecord | undefined {
  return ofHost(radius, host)
}

/** Milliseconds of a login if one is configured, else of an answer; `undefined`: none was right. */
export function radiusMs({ reading, trouble }: RadiusRecord): number | undefined {
  if (trouble || !reading || reading.login?.ok === false) return undefined
  return reading.login?.ms ?? reading.ms
}

export function processesOf({ host }: FrontendRecord, snapshot: Snapshot): readonly ProcessRecord[] {
  return snapshot.processes.get(host ?? '') ?? []
}
