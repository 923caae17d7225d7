import { whyOf } from '../../hosts/host.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { LogPosition } from '../../services/logs/facts.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import type { Concern, Ref } from '../ref.ts'
import { type Bounds, usualBounds } from './bounds.ts'
import { type Verified, verify } from './chain.ts'
import { type Entry, hostsOf, type NewEntry, newestEntries, newestId } from './entries.ts'
import { transaction, type Writers } from './file.ts'
import { Flood } from './flood.ts'
import { KeptFile, type Place } from './kept-file.ts'
import { type LogTaken, logPositionOf, takeLog } from './logs.ts'
import { type Acknowledgement, type Beginning, Marks } from './marks.ts'
import { Recent } from './recent.ts'
import { Spool } from './spool.ts'
import { type Standing, standingOf } from './standing.ts'
import type { SyslogTarget } from './syslog.ts'
import { ToldSyslog } from './told-syslog.ts'
import { Upkeep } from './upkeep.ts'
import type { Wanted } from './wanted.ts'

export type { Verified } from './chain.ts'
export type { ChangeNote, Entry, NewEntry } from './entries.ts'
export type { Acknowledgement, Beginning } from './marks.ts'
export type { Wanted } from './wanted.ts'

/** The alert that an acknowledgement is about. */
interface Concerned extends Concern {
  readonly text: Label
}

/** Milliseconds between two looks whether another console has written to the same file. */
const lookEvery = 1_000

interface JournalOptions {
  /** Waits for a lock that another process has on the file; for verbs, where no key waits. Default false. */
  readonly waits?: boolean
  /** what is kept; default the newest 100 000 entries */
  readonly bounds?: Bounds
  /** where each entry that this one writes is sent, too; default nowhere */
  readonly syslog?: { readonly target: SyslogTarget; readonly cluster: Label }
}

/**
 * The append-only log of what this console saw and did, in SQLite (WAL, so several consoles may share it).
 * A journal that cannot be written never stops the console: while another process has locked it, entries wait; if the file is lost, it
 * goes on in memory until it can be used again. `trouble` tells of both.
 */
export class Journal {
  readonly #file: KeptFile
  /** why the last list is incomplete */
  #unread: Label | undefined
  readonly #upkeep: Upkeep
  #listeners = new Set<() => void>()
  #version = 0
  #seenId = 0
  #timer: NodeJS.Timeout | undefined
  readonly #marks = new Marks()
  /** who else is told of each entry */
  readonly #told: ToldSyslog | undefined
  readonly #session = `${process.pid}-${Date.now()}`
  readonly #spool: Spool
  #flood = new Flood()
  readonly #recent = new Recent()

  /** `file` may be `:memory:` (the demo). Directories are made. */
  constructor(file: string, { waits = false, bounds = usualBounds, syslog }: JournalOptions = {}) {
    this.#file = new KeptFile(file, waits)
    this.#upkeep = new Upkeep(file, bounds)
    this.#told = syslog && new ToldSyslog(syslog.target, syslog.cluster)
    this.#spool = new Spool(this.#file, this.#marks, this.#told, this.#session)
    this.#seenId = this.#newestId()
    this.#spool.readMarks()
    if (file !== ':memory:') this.#timer = setInterval(() => this.look(), lookEvery).unref()
  }

  /** Who else may have written to it; `undefined`: nobody. */
  get writers(): Writers | undefined {
    return this.#file.writers
  }

  /** Why its contents cannot be trusted, if so. */
  get doubt(): Label | undefined {
    return this.#file.doubt
  }

  /** Why entries do not reach the file, or could not all be read, if so. */
  get trouble(): Label | undefined {
    return this.#spool.trouble ?? this.#unread
  }

  /** Waits two seconds at most until everything is written; resolves with whether it is. */
  written(): Promise<boolean> {
    return this.#spool.written()
  }

  /** Why entries do not reach syslog, if so. */
  get unsent(): Label | undefined {
    return this.#told?.trouble
  }

  /** Waits a moment until what was sent to syslog is on its way. */
  async sent(): Promise<void> {
    await this.#told?.sent()
  }

  /** The id of the entry that was written last; 0: there is none. */
  get newest(): number {
    return this.#newestId()
  }

  /** Where entries are now; the same while their ids go on. */
  get place(): Place {
    return this.#file.place
  }

  /** Changes with every new entry. */
  get version(): number {
    return this.#version
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Writes what was seen at this time, in milliseconds since the epoch, unless another console has just written the same. */
  saw(events: readonly FleetEvent[], at: number): void {
    if (!events.length) return
    this.#take(
      events.map((event) => ({
        ...event,
        at: event.at ?? at,
        kind: 'seen',
        ...(isLate(event, at) ? { seenAt: at } : {}),
      })),
      true,
    )
  }

  /** Writes what was done, or what only this console can tell. */
  add(entry: NewEntry): void {
    this.#take([entry], false)
  }

  #take(entries: readonly NewEntry[], isShared: boolean): void {
    this.#spool.add(entries, isShared)
    this.#announce()
  }

  /** Looks whether another console has written to the same file. */
  look(): void {
    this.#lookAtFile()
    if (this.#spool.tryAgain()) {
      // Logs are read again from where the file has been.
      this.#flood = new Flood()
      this.#announce()
    }
    this.#spool.flush()
    this.#upkeep.look(this.#file.db)
    if (this.#newestId() !== this.#seenId) this.#announce()
  }

  #lookAtFile(): void {
    const what = this.#file.reopenIfGone()
    if (!what) return
    this.#marks.writeAll()
    this.add({
      at: Date.now(),
      kind: 'seen',
      severity: 'warning',
      type: 'journal.lost',
      host: 'console',
      text: say`the journal was ${what} while a console wrote to it`,
    })
  }

  /** The acknowledgements of all consoles, by key. */
  get acknowledgements(): ReadonlyMap<string, Acknowledgement> {
    return this.#marks.acknowledgements
  }

  /** Acknowledges an alert for all consoles with this journal, and adds an entry. */
  acknowledge(id: string, acknowledgement: Acknowledgement, alert: Concerned): void {
    const { at, who, note } = acknowledgement
    this.#marks.acknowledge(id, acknowledgement)
    const said = note ? say`, "${note}"` : say``
    this.#did('alert.acknowledged', at, who, alert, say`acknowledged: ${alert.text}${said}`)
  }

  /** Withdraws an acknowledgement, and adds an entry. */
  withdraw(ids: readonly string[], at: number, who: Label, alert: Concerned): void {
    for (const id of ids) this.forgetAcknowledgement(id)
    this.#did('alert.withdrawn', at, who, alert, say`acknowledgement withdrawn: ${alert.text}`)
  }

  #did(type: EventType, at: number, who: Label, { about, host, name }: Concerned, text: Label): void {
    const named = name === host ? {} : { name }
    this.add({ at, kind: 'did', severity: 'info', type, about, host, ...named, who, text })
  }

  /** Takes an acknowledgement away without an entry: its alert is over. */
  forgetAcknowledgement(id: string): void {
    if (!this.acknowledgements.has(id)) return
    this.#marks.forget(id)
    this.#spool.flush()
  }

  /** Keeps the beginning of an alert for later consoles. */
  began(id: string, beginning: Beginning): void {
    this.#marks.begin(id, beginning)
    this.#spool.flush()
  }

  /** An alert is over: its beginning is of no use any more. */
  forgetBeginning(id: string): void {
    this.#marks.begin(id, undefined)
    this.#spool.flush()
  }

  /** When an alert began, if a console has seen that and none has seen its end. */
  beginningOf(id: string): Beginning | undefined {
    try {
      return this.#marks.beginningOf(id, this.#file.db)
    } catch {
      return undefined
    }
  }

  /** Whether something still is so, by the entries about an object: one of type `begun` begins it, and one of any of the types `ends` ends it. */
  standing(about: Ref, begun: EventType, ends: readonly EventType[]): Standing {
    try {
      return standingOf(this.#file.db, about, begun, ends)
    } catch {
      return {}
    }
  }

  #announce(): void {
    this.#spool.readMarks()
    this.#seenId = this.#newestId()
    this.#version++
    for (const listener of this.#listeners) listener()
  }

  #newestId(): number {
    try {
      return newestId(this.#file.db)
    } catch {
      return this.#seenId
    }
  }

  /**
   * The newest entries, newest first, with those that are not written yet. With `after` or `wanted`, only written entries with a higher id,
   * or that match.
   */
  latest(count: number, after?: number, wanted?: Wanted): readonly Entry[] {
    // Entries get their id when they are written, so who follows by id gets them then.
    const isAll = after === undefined && !wanted
    try {
      const { db } = this.#file
      const entries = isAll ? this.#recent.read(db, count) : newestEntries(db, count, after, wanted)
      this.#unread = undefined
      const waiting = isAll ? this.#spool.waiting() : []
      return waiting.length ? [...waiting, ...entries].slice(0, count) : entries
    } catch (error) {
      this.#unread = say`journal cannot be read: ${whyOf(error)}`
      return []
    }
  }

  /** The hosts in the journal, also those that are no longer configured. */
  hosts(): string[] {
    try {
      return hostsOf(this.#file.db)
    } catch {
      return []
    }
  }

  /** Holds every entry against its hash. @throws the file cannot be read */
  verify(): Verified {
    return verify(this.#file.db)
  }

  /** Writes what waits. Another process that has locked the file is waited for, a second at most: nobody is kept from typing any more. */
  close(): void {
    clearInterval(this.#timer)
    try {
      this.#spool.tryAgain(true)
      this.#file.db.exec('PRAGMA busy_timeout = 1000')
      this.#spool.flush()
      this.#told?.close()
      this.#upkeep.finish(this.#file.db)
    } catch {
      // The next console deletes the old entries.
    }
    this.#file.db.close()
  }

  /** Up to where any console has read a log of a host; undefined: none has, or that cannot be read. */
  logPosition(host: string, file: string): LogPosition | undefined {
    try {
      return logPositionOf(this.#file.db, host, file)
    } catch {
      return undefined
    }
  }

  /** Writes what a log tells, and up to where it is read then: both, or neither if another console has read it meanwhile or the file cannot be written. */
  takeLog(taken: LogTaken): boolean {
    try {
      const { entries, taken: counted } = this.#flood.kept(taken.host, taken.file, taken.entries)
      const all = { ...taken, entries }
      const written = transaction(this.#file.db, () => takeLog(this.#file.db, all, this.#session))
      if (!written) return false
      counted()
      this.#told?.tell(written)
    } catch {
      return false
    }
    if (taken.entries.length) this.#announce()
    return true
  }
}

/** Whether it happened at another time than when it was seen. */
function isLate({ at = Number.NaN }: FleetEvent, seenAt: number): boolean {
  return Math.round(at) !== seenAt && !Number.isNaN(at)
}
