import { type Label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { Alert } from '../alerts/alert.ts'
import type { ProcessRecord } from '../process/record.ts'
import { hostConcern } from '../ref.ts'
import type { Snapshot } from '../snapshot.ts'
import { supplyFacts } from './kinds.ts'
import type { Supply } from './supplies.ts'

/** All limited resources: what runs out first on top, then what is fullest. */
export function runsOut(snapshot: Snapshot, now: number): Supply[] {
  const all = [...descriptors(snapshot, now), ...snapshot.supplies, ...certificates(snapshot, now)]
  const rank = { bad: 0, warning: 1, none: 2 }
  const rankOf = (supply: Supply) => rank[supplySeverity(supply) ?? 'none']
  const leftOf = ({ left = Number.POSITIVE_INFINITY }: Supply) => left
  return all.sort(
    (a, b) => rankOf(a) - rankOf(b) || compare(leftOf(a), leftOf(b)) || compare(usedShare(b), usedShare(a)),
  )
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)

/** 0 to 1, or more where a limit was lowered below what is used; 0: not known. */
export function usedShare({ used = 0, most = 0 }: Pick<Supply, 'used' | 'most'>): number {
  return most > 0 && Number.isFinite(most) ? used / most : 0
}

/** How serious it is; undefined: not at all. */
export function supplySeverity({ kind, isBrief, left, ...amount }: Supply): Alert['severity'] | undefined {
  if (isBrief) return undefined
  const share = usedShare(amount)
  for (const severity of ['bad', 'warning'] as const) {
    const threshold = supplyFacts(kind)[severity]
    if (share >= threshold.share || (left !== undefined && left < threshold.left)) return severity
  }
  return undefined
}

/** What it is: `slapd's descriptors`, `/var` */
export function supplyName({ kind, which = say`` }: Supply): Label {
  return supplyFacts(kind).title(which)
}

/** The figures before the words: `93% of memory used, none left in 40 min (59.5 GiB of 64.0 GiB)` */
export function supplyText(supply: Supply): Label {
  const { kind, used, most, left } = supply
  const { amount } = supplyFacts(kind)
  const end = left === undefined ? say`` : say`, none left in ${duration(left)}`
  // A certificate has a date instead of an amount.
  if (used === undefined || most === undefined)
    return say`${duration(left ?? 0)} left of ${supplyName(supply)}`
  const exact = amount ? say` (${amount(used)} of ${amount(most)})` : say``
  return say`${Math.round(usedShare(supply) * 100)}% of ${supplyName(supply)} used${end}${exact}`
}

/** What is about to run out. */
export function supplyAlerts(snapshot: Snapshot, now: number): Alert[] {
  return runsOut(snapshot, now).flatMap((supply): Alert[] => {
    const severity = supplySeverity(supply)
    if (!severity) return []
    const { host, about, kind, which, id = which, advice = supplyFacts(kind).advice } = supply
    const what = id === undefined ? kind : `${kind} ${id}`
    const concern = { ...hostConcern(host), ...(about ? { about } : {}) }
    return [{ ...concern, severity, what, isMeasured: true, text: supplyText(supply), advice }]
  })
}

/** Of processes whose number and limit are known. */
function descriptors({ processes }: Snapshot, now: number): Supply[] {
  return [...processes].flatMap(([host, all]) => all.flatMap((one) => descriptorsOf(host, one, now) ?? []))
}

/** `undefined`: how many it has is not known, or it has no limit. */
export function descriptorsOf(host: string, process: ProcessRecord, now: number): Supply | undefined {
  const { name, pid, open, softLimit, hardLimit = 0, exhaustedIn } = process
  if (open === undefined || softLimit === undefined || !Number.isFinite(softLimit)) return undefined
  const more = Number.isFinite(hardLimit) && hardLimit > softLimit ? hardLimit : 2 * softLimit
  return {
    host,
    kind: 'descriptors',
    which: name,
    id: `${name} ${pid}`,
    used: open,
    most: softLimit,
    ...(exhaustedIn === undefined ? {} : { left: exhaustedIn }),
    advice: say`raise the limit (prlimit --pid ${pid} --nofile=${more}), or drain and restart it`,
    at: now,
  }
}

/** How serious the open descriptors of a process are. At the limit slapd takes no new connection, and may damage its database. */
export function descriptorSeverity(process: ProcessRecord): Alert['severity'] | undefined {
  const supply = descriptorsOf('', process, 0)
  return supply && supplySeverity(supply)
}

/** The share of its limit that a process has open; 0 where that is not known. */
export function fullness({ open = 0, softLimit = 0 }: Pick<ProcessRecord, 'open' | 'softLimit'>): number {
  return usedShare({ used: open, most: softLimit })
}

function certificates({ directories }: Snapshot, now: number): Supply[] {
  return directories.flatMap(({ host, trouble, reading }): Supply[] => {
    const until = trouble ? undefined : reading?.certifiedUntil
    return until === undefined
      ? []
      : [
          {
            host,
            about: { kind: 'directory', id: host },
            kind: 'certificate',
            left: Math.max(0, until - now),
            at: reading?.at ?? now,
          },
        ]
  })
}
