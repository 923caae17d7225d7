import type { ProcessRecord } from '../fleet/process/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { descriptorsOf, supplySeverity, usedShare } from '../fleet/supply/runs-out.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { percent, span } from '../text/format.ts'

/** A watched process of a host. */
export interface OnHost {
  readonly host: string
  readonly process: ProcessRecord
}

/** What is new of one: how it is, that it has ended, or that its host does not say any more. */
export interface FdChange extends OnHost {
  readonly state: 'read' | 'ended' | 'not read'
}

export function watchedIn({ processes }: Pick<Snapshot, 'processes'>): OnHost[] {
  return [...processes].flatMap(([host, some]) => some.map((process) => ({ host, process })))
}

/** Tells the same of a process once, and misses none that is there no more. */
export class FdNews {
  readonly #told = new Map<string, FdChange>()

  /** @param isWanted whether this host is watched */
  changes(
    snapshot: Pick<Snapshot, 'processes'>,
    isWanted: (one: { readonly host: string }) => boolean = () => true,
  ): FdChange[] {
    const present = new Map(
      watchedIn(snapshot)
        .filter(isWanted)
        .map((one) => [keyOf(one), { ...one, state: 'read' as const }]),
    )
    const gone = [...this.#told].flatMap(([key, one]): FdChange[] => {
      if (present.has(key)) return []
      const state = snapshot.processes.has(one.host) ? 'ended' : 'not read'
      return state === one.state ? [] : [{ ...one, state }]
    })
    const changed = [...present.values()].filter((one) => !isSame(this.#told.get(keyOf(one)), one))
    const all = [...gone, ...changed]
    for (const one of all) {
      if (one.state === 'ended') this.#told.delete(keyOf(one))
      else this.#told.set(keyOf(one), one)
    }
    return all
  }
}

function keyOf({ host, process: { name, pid } }: OnHost): string {
  return `${host} ${name} ${pid}`
}

/** The time that is left changes with every look: it is told with the number, and when it comes or goes. */
function isSame(known: FdChange | undefined, { state, process }: FdChange): boolean {
  return (
    known?.state === state &&
    known.process.open === process.open &&
    known.process.softLimit === process.softLimit &&
    (known.process.exhaustedIn === undefined) === (process.exhaustedIn === undefined)
  )
}

/** `fe1  slapd (612)  540 of 1024 (53%), none left in 21m`, with a mark before what is near its end, as `runs-out` has it. */
export function fdText({ host, process, state }: FdChange, now: number): Label {
  const { name, pid, open, softLimit, exhaustedIn } = process
  const supply = state === 'read' ? descriptorsOf(host, process, now) : undefined
  const mark = label({ bad: '!', warning: '*', none: ' ' }[(supply && supplySeverity(supply)) ?? 'none'])
  const left = exhaustedIn === undefined ? say`` : say`, none left in ${span(exhaustedIn)}`
  const limit = softLimit === Number.POSITIVE_INFINITY ? say`no limit` : say`${softLimit ?? label('?')}`
  const share = supply ? say` (${percent(usedShare(supply) * 100)})` : say``
  const words = {
    read: say`${open ?? label('?')} of ${limit}${share}${left}`,
    ended: say`has ended`,
    'not read': say`not read any more: its host does not answer`,
  }
  return say`${mark} ${label(host)}  ${name} (${pid})  ${words[state]}`
}
