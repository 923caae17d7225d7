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
  return inOrder([
    ...descriptors(snapshot, now, () => true),
    ...snapshot.supplies,
    ...certificates(snapshot, now),
  ])
}

function inOrder(supplies: readonly Supply[]): Supply[] {
  const rank = { bad: 0, warning: 1, none: 2 }
  const placed = supplies.map((supply) => ({
    supply,
    rank: rank[supplySeverity(supply) ?? 'none'],
    left: supply.left ?? Number.POSITIVE_INFINITY,
    share: usedShare(supply),
  }))
  placed.sort((a, b) => a.rank - b.rank || compare(a.left, b.left) || compare(b.share, a.share))
  return placed.map(({ supply }) => supply)
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)

/** 0 to 1, or more where a limit was lowered below what is used; 0: not known. */
export function usedShare({ used = 0, most = 0 }: Pick<Supply, 'used' | 'most'>): number {
  return most > 0 && Number.isFinite(most) ? used / most : 0
}

/** How serious it is; undefined: not at all. */
export function supplySeverity(
  supply: Pick<Supply, 'kind' | 'isBrief' | 'left' | 'used' | 'most'>,
): Alert['severity'] | undefined {
  const { kind, isBrief, left } = supply
  if (isBrief) return undefined
  const share = usedShare(supply)
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

/** What is about to run out: judged each second of everything that could, so what does not is let go before anything is made of it. */
export function supplyAlerts(snapshot: Snapshot, now: number): Alert[] {
  const isShort = (supply: Supply) => supplySeverity(supply) !== undefined
  const short = [
    ...descriptors(snapshot, now, (one) => descriptorSeverity(one) !== undefined),
    ...snapshot.supplies.filter(isShort),
    ...certificates(snapshot, now).filter(isShort),
  ]
  return inOrder(short).flatMap((supply): Alert[] => {
    const severity = supplySeverity(supply)
    if (!severity) return []
    const { host, about, kind, which, id = which, advice = supplyFacts(kind).advice } = supply
    const what = id === undefined ? kind : `${kind} ${id}`
    const concern = { ...hostConcern(host), ...(about ? { about } : {}) }
    const type = kind === 'descriptors' ? 'descriptors.near' : 'supply.short'
    return [{ ...concern, severity, what, isMeasured: true, text: supplyText(supply), type, advice }]
  })
}

/** Of those processes that are meant whose number and limit are known. */
function descriptors(
  { processes }: Snapshot,
  now: number,
  isMeant: (process: ProcessRecord) => boolean,
): Supply[] {
  return [...processes].flatMap(([host, all]) =>
    all.filter(isMeant).flatMap((one) => descriptorsOf(host, one, now) ?? []),
  )
}

/** How many of its descriptors it has open, where that and a limit are known. */
function amountOf({
  open,
  softLimit,
  exhaustedIn,
}: ProcessRecord): Pick<Supply, 'kind' | 'used' | 'most' | 'left'> | undefined {
  if (open === undefined || softLimit === undefined || !Number.isFinite(softLimit)) return undefined
  const left = exhaustedIn === undefined ? {} : { left: exhaustedIn }
  return { kind: 'descriptors', used: open, most: softLimit, ...left }
}

/** `undefined`: how many it has is not known, or it has no limit. */
export function descriptorsOf(host: string, process: ProcessRecord, now: number): Supply | undefined {
  const { name, pid, softLimit = 0, hardLimit = 0 } = process
  const amount = amountOf(process)
  if (!amount) return undefined
  const more = Number.isFinite(hardLimit) && hardLimit > softLimit ? hardLimit : 2 * softLimit
  return {
    host,
    ...amount,
    which: name,
    id: `${name} ${pid}`,
    advice: say`raise the limit (prlimit --pid ${pid} --nofile=${more}), or drain and restart it`,
    at: now,
  }
}

/** How serious the open descriptors of a process are. At the limit slapd takes no new connection, and may damage its database. */
export function descriptorSeverity(process: ProcessRecord): Alert['severity'] | undefined {
  const amount = amountOf(process)
  return amount && supplySeverity(amount)
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
