import type { DatabaseSync } from 'node:sqlite'
import { whyOf } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { LogPosition } from '../../services/logs/facts.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import type { Concern, Ref } from '../ref.ts'
import { type Bounds, prune, usualBounds } from './bounds.ts'
import { type Verified, verify } from './chain.ts'
import { type Entry, hostsOf, insert, type NewEntry, newestEntries, newestId } from './entries.ts'
import { identityOf, open, transaction, type Writers, writersOf } from './file.ts'
import { Heard } from './heard.ts'
import { isToldByLog, type LogTaken, logPositionOf, takeLog } from './logs.ts'
import { type Acknowledgement, type Beginning, Marks } from './marks.ts'
import { type Standing, standingOf } from './standing.ts'
import type { SyslogTarget } from './syslog.ts'
import { ToldSyslog } from './told-syslog.ts'
import type { Wanted } from './wanted.ts'

export type { Verified } from './chain.ts'
export type { ChangeNote, Entry, NewEntry } from './entries.ts'
export type { Acknowledgement, Beginning } from './marks.ts'
export type { Wanted } from './wanted.ts'

/** The alert that an acknowledgement is about. */
interface Concerned extends Concern {
  readonly text: Label
}

/** Milliseconds between two looks for what is too old. */
const pruneEvery = 600_000
/** The number of entries that wait while the file cannot be written. Beyond it, the oldest events are lost. */
const mostWaiting = 5_000
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
  #db: DatabaseSync
  #trouble: Label | undefined
  /** why the last list is incomplete */
  #unread: Label | undefined
  readonly #file: string
  readonly #waits: boolean
  readonly #bounds: Bounds
  #prunedAt = performance.now()
  #identity: string | undefined
  #writers: Writers | undefined
  /** the number of entries that were dropped, because too many waited */
  #dropped = 0
  #listeners = new Set<() => void>()
  #version = 0
  /** what could not be written yet */
  #pending: Waiting[] = []
  /** the file cannot be used; entries are kept in memory until the end */
  #lost = false
  #seenId = 0
  #timer: NodeJS.Timeout | undefined
  readonly #marks = new Marks()
  #told: ToldSyslog | undefined
  readonly #session = `${process.pid}-${Date.now()}`
  readonly #heard = new Heard(this.#session)

  /** `file` may be `:memory:` (the demo). Directories are made. */
  constructor(file: string, { waits = false, bounds = usualBounds, syslog }: JournalOptions = {}) {
    this.#file = file
    this.#bounds = bounds
    if (syslog) this.#told = new ToldSyslog(syslog.target, syslog.cluster)
    this.#waits = waits
    this.#db = this.#open()
    this.#seenId = this.#newestId()
    this.#readAcknowledgements()
    if (file !== ':memory:') this.#timer = setInterval(() => this.look(), lookEvery).unref()
  }

  #open(): DatabaseSync {
    try {
      const db = open(this.#file, this.#waits)
      this.#identity = this.#standing()
      this.#writers = this.#identity === undefined ? undefined : writersOf(this.#file)
      return db
    } catch (error) {
      this.#trouble = say`journal is not kept: ${label(this.#file)}: ${whyOf(error)}`
      this.#lost = true
      return open(':memory:', false)
    }
  }

  #standing(): string | undefined {
    return this.#file === ':memory:' ? undefined : identityOf(this.#file)
  }

  /** Who else may have written to it; `undefined`: nobody. */
  get writers(): Writers | undefined {
    return this.#writers
  }

  /** Why its contents cannot be trusted, if so. */
  get doubt(): Label | undefined {
    return this.#writers === 'others'
      ? say`${label(this.#file)}: others may write it, so its entries may be forged: make it yours, with chmod 600`
      : undefined
  }

  /** Why entries do not reach the file, or could not all be read, if so. */
  get trouble(): Label | undefined {
    if (!this.#trouble || !this.#dropped) return this.#trouble ?? this.#unread
    return say`${this.#trouble}; ${this.#dropped} events are lost`
  }

  /** Waits some seconds until everything is written; resolves with whether it is. */
  async written(): Promise<boolean> {
    for (const end = performance.now() + patience; this.#pending.length && performance.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      this.#flush()
    }
    return !this.#lost && this.#pending.length === 0
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
        entry: { ...event, at: event.at ?? at, kind: 'seen', ...(isLate(event, at) ? { seenAt: at } : {}) },
        isShared: true,
      })),
    )
  }

  add(entry: NewEntry): void {
    this.#take([{ entry, isShared: false }])
  }

  #take(all: readonly Waiting[]): void {
    this.#pending.push(...all)
    this.#flush()
    while (this.#pending.length > mostWaiting) this.#drop()
    this.#announce()
  }

  /** Drops an event if there is one, and an entry of a change only if there is none. */
  #drop(): void {
    const seen = this.#pending.findIndex(({ entry }) => entry.kind === 'seen')
    this.#pending.splice(Math.max(0, seen), 1)
    this.#dropped++
  }

  /** Looks whether another console has written to the same file. */
  look(): void {
    this.#lookAtFile()
    this.#flush()
    if (performance.now() - this.#prunedAt >= pruneEvery) this.#pruneSome()
    if (this.#newestId() !== this.#seenId) this.#announce()
  }

  /** Reopens the file if it was removed or replaced: entries in the old one would never be found. */
  #lookAtFile(): void {
    if (this.#lost || this.#standing() === this.#identity) return
    const what = this.#standing() ? say`replaced by another file` : say`removed`
    this.#db.close()
    this.#db = this.#open()
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
      return this.#marks.beginningOf(id, this.#db)
    } catch {
      return undefined
    }
  }

  /** How it stands with what begins with one type of entry about an object, and is over with any of others. */
  standing(about: Ref, begun: EventType, ends: readonly EventType[]): Standing {
    try {
      return standingOf(this.#db, about, begun, ends)
    } catch {
      return {}
    }
  }

  #readAcknowledgements(): void {
    this.#attempt(() => this.#marks.read(this.#db))
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
      return newestId(this.#db)
    } catch {
      return this.#seenId
    }
  }

  /**
   * The newest entries, newest first, with those that are not written yet. With `after` or `wanted`, only written entries with a higher id,
   * or that match.
   */
  latest(count: number, after?: number, wanted?: Wanted): Entry[] {
    try {
      const entries = newestEntries(this.#db, count, after, wanted)
      this.#unread = undefined
      // Entries get their id when they are written, so who follows by id gets them then.
      if (after !== undefined || wanted || !this.#pending.length) return entries
      const next = newestId(this.#db) + 1
      const waiting = this.#pending.map(({ entry }, i) => ({
        ...entry,
        host: label(entry.host),
        id: next + i,
      }))
      return [...waiting.reverse(), ...entries].slice(0, count)
    } catch (error) {
      this.#unread = say`journal cannot be read: ${whyOf(error)}`
      return []
    }
  }

  /** The hosts in the journal, also those that are no longer configured. */
  hosts(): string[] {
    try {
      return hostsOf(this.#db)
    } catch {
      return []
    }
  }

  /** Holds every entry against its hash. @throws the file cannot be read */
  verify(): Verified {
    return verify(this.#db)
  }

  /** Writes what waits, within a second: no key waits any more. */
  close(): void {
    clearInterval(this.#timer)
    try {
      this.#db.exec('PRAGMA busy_timeout = 1000')
      this.#flush()
      this.#told?.close()
      while (this.#prune()) {}
      this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // The next console deletes the old entries.
    }
    this.#db.close()
  }

  /** A console may run for months. What is left is taken away at the next look. */
  #pruneSome(): void {
    try {
      if (this.#prune()) return
      this.#prunedAt = performance.now()
      this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // Another process has locked it.
    }
  }

  /** Up to where any console has read a log of a host; undefined: none has, or that cannot be read. */
  logPosition(host: string, file: string): LogPosition | undefined {
    try {
      return logPositionOf(this.#db, host, file)
    } catch {
      return undefined
    }
  }

  /** Writes what a log tells, and up to where it is read then: both, or neither if another console has read it meanwhile or the file cannot be written. */
  takeLog(taken: LogTaken): boolean {
    try {
      const written = transaction(this.#db, () => takeLog(this.#db, taken, this.#session))
      if (!written) return false
      this.#told?.tell(written)
    } catch {
      return false
    }
    if (taken.entries.length) this.#announce()
    return true
  }

  /** @returns whether more is to be taken away */
  #prune(): boolean {
    return transaction(this.#db, () => prune(this.#db, this.#bounds, Date.now()))
  }

  /** Writes what waits. If another process has locked the file, it goes on waiting; if the file is lost, it goes on in memory. */
  #flush(): void {
    if (!this.#pending.length && !this.#marks.waits && !this.#dropped) return
    try {
      const written = transaction(this.#db, () => this.#write())
      this.#pending = []
      this.#dropped = 0
      this.#marks.written()
      this.#told?.tell(written)
      if (!this.#lost) this.#trouble = undefined
    } catch (error) {
      this.#trouble = say`journal is not kept: ${whyOf(error)}`
      if (passing.has(((error as { errcode?: number }).errcode ?? 0) % 256)) return
      if (this.#lost) {
        // Not even the memory takes it.
        this.#pending = []
        return
      }
      this.#lost = true
      this.#marks.writeAll()
      this.#db.close()
      this.#db = open(':memory:', false)
      this.#flush()
    }
  }

  /** Whether another console has told of it, or a log has; what a log tells is held against others when it is taken. */
  #isTold(one: Waiting): boolean {
    return this.#heard.has(one.entry, seenAt(one)) || (!one.entry.raw && isToldByLog(this.#db, one.entry))
  }

  #write(): readonly Entry[] {
    const [first] = this.#pending
    if (first) this.#heard.read(this.#db, seenAt(first))
    const written: Entry[] = []
    for (const one of this.#pending)
      if (!one.isShared || !this.#isTold(one)) written.push(insert(this.#db, one.entry, this.#session))
    this.#marks.write(this.#db)
    return this.#dropped ? [...written, this.#writeDropped()] : written
  }

  #writeDropped(): Entry {
    const text = say`${this.#dropped} events are not in the journal: it could not be written for so long`
    return insert(
      this.#db,
      { at: Date.now(), kind: 'seen', severity: 'warning', type: 'journal.lost', host: 'console', text },
      this.#session,
    )
  }
}

/** An entry that is to be written. */
interface Waiting {
  readonly entry: NewEntry
  /** other consoles see it too, and one of them writes it */
  readonly isShared: boolean
}

function seenAt({ entry }: Waiting): number {
  return entry.seenAt ?? entry.at
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
