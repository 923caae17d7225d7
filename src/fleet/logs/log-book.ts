import { wallTime } from '../../hosts/clock.ts'
import { label, say } from '../../hosts/label.ts'
import type { LogPiece, LogPosition } from '../../services/logs/facts.ts'
import type { FleetEvent } from '../event.ts'
import type { Journal, NewEntry } from '../journal/journal.ts'
import { hostConcern } from '../ref.ts'
import type { FleetStore } from '../store.ts'
import { eventsIn } from './sources.ts'

/** Takes what the logs of hosts tell into the journal, by the clock of this console. */
export class LogBook {
  readonly #journal: Journal
  readonly #store: FleetStore
  readonly #now: () => number

  constructor(journal: Journal, store: FleetStore, now: () => number) {
    this.#journal = journal
    this.#store = store
    this.#now = now
  }

  /** Up to where any console has read it. */
  position(host: string, file: string): LogPosition | undefined {
    return this.#journal.logPosition(host, file)
  }

  /** @returns false: not now, or another console has done so */
  take(piece: LogPiece): boolean {
    const events = eventsIn(piece, this.#store.snapshot())
    if (events === 'later') return false
    const { host, file, from, to } = piece
    const seenAt = wallTime(this.#now())
    const told = events.map((event): NewEntry => {
      const here = this.#store.here(host, event.at, event.uncertainty)
      return { ...event, ...here, kind: 'seen', seenAt }
    })
    const entries = [...gapsIn(piece).map((gap): NewEntry => ({ ...gap, at: seenAt, kind: 'seen' })), ...told]
    return this.#journal.takeLog({ host, file, from, to, entries })
  }
}

/** That a log may lack what was written since it was read last. */
function gapsIn({ host, file, gap }: LogPiece): FleetEvent[] {
  if (!gap) return []
  const how = gap === 'rotated' ? say`was rotated away` : say`was emptied`
  const text = say`${label(file)} ${how} before it was read: what it told is missing here`
  const { about } = hostConcern(host)
  return [{ severity: 'warning', type: 'journal.lost', about, host, text }]
}
