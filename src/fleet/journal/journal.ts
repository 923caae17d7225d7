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
import { KeptFile } from './kept-file.ts'
import { type LogTaken, logPositionOf, takeLog } from './logs.ts'
import { type Acknowledgement, type Beginning, Marks } from './marks.ts'
import { Recent } from './recent.ts'
import { type Standing, standingOf } from './standing.ts'
import type { SyslogTarget } from './syslog.ts'
import { ToldSyslog } from './told-syslog.ts'
import { Upkeep } from './upkeep.ts'
import { Waiting } from './waiting.ts'
import type { Wanted } from './wanted.ts'

export type { Verified } from './chain.ts'
export type { ChangeNote, Entry, NewEntry } from './entries.ts'
export type { Acknowledgement, Beginning } from './marks.ts'
export type { Wanted } from './wanted.ts'

/** The alert that an acknowledgement is about. */
interface Concerned extends Concern {
  readonly text: Label
}

/** Milliseconds that a change waits until its beginning is in the journal. */
const patience = 2_000
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
 * goes on in memory. `trouble` tells of both.
 */
export class Journal {
  readonly #file: KeptFile
  /** why entries do not reach the file, where it is not lost */
  #trouble: Label | undefined
  /** why the last list is incomplete */
  #unread: Label | undefined
  readonly #upkeep: Upkeep
  #listeners = new Set<() => void>()
  #version = 0
  #seenId = 0
  #timer: NodeJS.Timeout | undefined
  readonly #marks = new Marks()
  #told: ToldSyslog | undefined
  readonly #session = `${process.pid}-${Date.now()}`
  readonly #waiting = new Waiting(this.#session)
  readonly #flood = new Flood()
  readonly #recent = new Recent()

  /** `file` may be `:memory:` (the demo). Directories are made. */
  constructor(file: string, { waits = false, bounds = usualBounds, syslog }: JournalOptions = {}) {
    this.#file = new KeptFile(file, waits)
    this.#upkeep = new Upkeep(file, bounds)
    if (syslog) this.#told = new ToldSyslog(syslog.target, syslog.cluster)
    this.#seenId = this.#newestId()
    this.#readAcknowledgements()
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
    const trouble = this.#file.lost ?? this.#trouble
    const { dropped } = this.#waiting
    return trouble && dropped ? say`${trouble}; ${dropped} events are lost` : (trouble ?? this.#unread)
  }

  /** Waits some seconds until everything is written; resolves with whether it is. */
  async written(): Promise<boolean> {
    for (const end = performance.now() + patience; this.#waiting.count && performance.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      this.#flush()
    }
    return !this.#file.lost && this.#waiting.count === 0
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

  add(entry: NewEntry): void {
    this.#take([entry], false)
  }

  #take(entries: readonly NewEntry[], isShared: boolean): void {
    this.#waiting.add(entries, isShared)
    this.#flush()
    this.#waiting.bound()
    this.#announce()
  }

  /** Looks whether another console has written to the same file. */
  look(): void {
    this.#lookAtFile()
    this.#flush()
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

  forgetAcknowledgement(id: string): void {
    if (!this.acknowledgements.has(id)) return
    this.#marks.forget(id)
    this.#flush()
  }

  /** Keeps the beginning of an alert for later consoles. */
  began(id: string, beginning: Beginning): void {
    this.#marks.begin(id, beginning)
    this.#flush()
  }

  forgetBeginning(id: string): void {
    this.#marks.begin(id, undefined)
    this.#flush()
  }

  /** When an alert began, if a console has seen that and none has seen its end. */
  beginningOf(id: string): Beginning | undefined {
    try {
      return this.#marks.beginningOf(id, this.#file.db)
    } catch {
      return undefined
    }
  }

  /** How it stands with what begins with one type of entry about an object, and is over with any of others. */
  standing(about: Ref, begun: EventType, ends: readonly EventType[]): Standing {
    try {
      return standingOf(this.#file.db, about, begun, ends)
    } catch {
      return {}
    }
  }

  #readAcknowledgements(): void {
    this.#attempt(() => this.#marks.read(this.#file.db))
  }

  /** Work that may fail: the console goes on, and `trouble` says why. */
  #attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#trouble ??= say`journal is not kept: ${whyOf(error)}`
    }
  }

  #announce(): void {
    this.#readAcknowledgements()
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
      if (!isAll || !this.#waiting.count) return entries
      return [...this.#waiting.listed(db), ...entries].slice(0, count)
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

  /** Writes what waits, within a second: no key waits any more. */
  close(): void {
    clearInterval(this.#timer)
    try {
      this.#file.db.exec('PRAGMA busy_timeout = 1000')
      this.#flush()
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

  /** Writes what waits. If another process has locked the file, it goes on waiting; if the file is lost, it goes on in memory. */
  #flush(): void {
    const { count, dropped } = this.#waiting
    if (!count && !dropped && !this.#marks.waits) return
    try {
      const written = transaction(this.#file.db, () => this.#write())
      this.#waiting.clear()
      this.#marks.written()
      this.#told?.tell(written)
      this.#trouble = undefined
    } catch (error) {
      const why = say`journal is not kept: ${whyOf(error)}`
      this.#trouble = why
      if (passing.has(((error as { errcode?: number }).errcode ?? 0) % 256)) return
      // Not even the memory takes it.
      if (this.#file.lost) return this.#waiting.clear()
      this.#file.giveUp(why)
      this.#marks.writeAll()
      this.#flush()
    }
  }

  #write(): readonly Entry[] {
    const written = this.#waiting.write(this.#file.db)
    this.#marks.write(this.#file.db)
    return written
  }
}

/** Whether it happened at another time than when it was seen. */
function isLate({ at = Number.NaN }: FleetEvent, seenAt: number): boolean {
  return Math.round(at) !== seenAt && !Number.isNaN(at)
}

/**
 * What may be over in a moment, by the lower byte of what it is in particular: another connection holds the file (SQLITE_BUSY), the disk
 * does not take it (SQLITE_IOERR), or is full (SQLITE_FULL). https://www.sqlite.org/rescode.html
 */
const passing: ReadonlySet<number> = new Set([5, 10, 13])
