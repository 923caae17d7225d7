import { type DirectoryRecord, lagOf } from '../directory/record.ts'
import type { ProcessRecord } from '../process/record.ts'
import type { RadiusRecord } from '../radius/radius-servers.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Duty, FrontendRecord, FrontendService } from './frontends.ts'

/** What a front end consists of: its services, and what is known of its host. */

/** What is worst first. */
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

/** The worst that one of its services is; how bad that is, 0 the worst; and how many of them are so. Undefined: it has no service. */
export function worstOf({
  services,
}: Pick<FrontendRecord, 'services'>):
  | { readonly duty: Duty; readonly rank: number; readonly count: number }
  | undefined {
  const had = services.map(({ duty }) => duty)
  const duty = duties.find((one) => had.includes(one))
  return duty && { duty, rank: rankOf(duty), count: had.filter((one) => one === duty).length }
}

/** Of all its services together. */
export function sumOf(
  { services }: Pick<FrontendRecord, 'services'>,
  of: (service: FrontendService) => number,
): number {
  return services.reduce((sum, one) => sum + of(one), 0)
}

/** New connections a second, and the like; undefined: it is not known. */
export function rateOf(
  { services }: Pick<FrontendRecord, 'services'>,
  of: (rate: NonNullable<FrontendService['rate']>) => number,
): number | undefined {
  const rates = services.flatMap(({ rate }) => rate ?? [])
  return rates.length ? rates.reduce((sum, one) => sum + of(one), 0) : undefined
}

/** The slapd of a front end, where it is asked. */
export function directoryOf(
  { host }: FrontendRecord,
  { directories }: Snapshot,
): DirectoryRecord | undefined {
  return directories.find((one) => one.host === host)
}

/** Milliseconds by which its slapd is behind; undefined: it is not known. */
export function frontendLag(frontend: FrontendRecord, snapshot: Snapshot, now: number): number | undefined {
  const directory = directoryOf(frontend, snapshot)
  return directory && lagOf(directory, now)
}

/** The FreeRADIUS of a front end, where it is asked. */
export function radiusOf({ host }: FrontendRecord, { radius }: Snapshot): RadiusRecord | undefined {
  return radius.find((one) => one.host === host)
}

/** Milliseconds of a login where one is tried, else of its answer; `undefined`: there is none that is right. */
export function radiusMs({ reading, trouble }: RadiusRecord): number | undefined {
  if (trouble || !reading || reading.login?.ok === false) return undefined
  return reading.login?.ms ?? reading.ms
}

export function processesOf({ host }: FrontendRecord, snapshot: Snapshot): readonly ProcessRecord[] {
  return snapshot.processes.get(host ?? '') ?? []
}
