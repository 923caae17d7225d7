import { label, say } from '../hosts/label.ts'
import type { Alert } from './alerts.ts'
import { duration } from './duration.ts'
import type { ProcessRecord, Snapshot } from './model.ts'

/** Shares of the limit, and milliseconds until it is reached, from which a process is told of. */
const thresholds = {
  bad: { share: 0.95, left: 10 * 60_000 },
  warning: { share: 0.8, left: 60 * 60_000 },
} as const

/** The share of its limit that a process has open; 0 where that is not known. */
export function fullness({ open = 0, softLimit = 1 }: Pick<ProcessRecord, 'open' | 'softLimit'>): number {
  return open / softLimit
}

/** At the limit slapd takes no new connection, and may damage its database: how near that is. */
export function descriptorSeverity({
  open,
  softLimit,
  exhaustedIn,
}: ProcessRecord): Alert['severity'] | undefined {
  if (open === undefined || softLimit === undefined) return undefined
  const share = open / softLimit
  const left = exhaustedIn ?? Number.POSITIVE_INFINITY
  for (const severity of ['bad', 'warning'] as const)
    if (share >= thresholds[severity].share || left < thresholds[severity].left) return severity
  return undefined
}

export function descriptorAlerts({ processes }: Pick<Snapshot, 'processes'>): Alert[] {
  return [...processes].flatMap(([host, all]) =>
    all.flatMap((process): Alert[] => {
      const severity = descriptorSeverity(process)
      if (!severity) return []
      const { name, pid, open = 0, softLimit = 0, hardLimit = softLimit, exhaustedIn } = process
      const more = Number.isFinite(hardLimit) && hardLimit > softLimit ? hardLimit : 2 * softLimit
      const rest =
        exhaustedIn === undefined ? say`` : say`, at this rate the limit in ${duration(exhaustedIn)}`
      return [
        {
          severity,
          what: `descriptors ${name} ${pid}`,
          host,
          name: label(host),
          text: say`${name} has ${open} of ${softLimit} descriptors${rest}`,
          advice: say`raise the limit (prlimit --pid ${pid} --nofile=${more}), or drain it and start it anew`,
        },
      ]
    }),
  )
}
