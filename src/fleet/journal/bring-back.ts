import type { DatabaseSync } from 'node:sqlite'
import { label, say } from '../../hosts/label.ts'
import { type Entry, entriesAfter, insert } from './entries.ts'
import { transaction } from './file.ts'
import { untold } from './logs.ts'
import { prepared } from './prepared.ts'
import { isToldByOther } from './told-by-others.ts'

/** Entries that are taken at once: this takes some milliseconds, in which no key is answered. */
const most = 500

/** Brings into a file what was written in memory while that could not be used, a piece at each call. */
export class BringBack {
  readonly #session: string
  /** up to which of those in memory are there */
  #done = 0
  /** by the id in memory: that in the file */
  readonly #ids = new Map<number, number>()
  /** whether logs of a host were read before: they are read on from there then, with what they told meanwhile */
  readonly #isRead = new Map<string, boolean>()

  constructor(session: string) {
    this.#session = session
  }

  /** @returns whether all of it is there @throws the file cannot be written; then this piece is not there */
  copy(memory: DatabaseSync, file: DatabaseSync, count = most): boolean {
    const entries = entriesAfter(memory, this.#done, count)
    const isAll = entries.length < count
    transaction(file, () => {
      for (const entry of entries) this.#bring(file, entry)
      if (isAll) this.#bringPositions(memory, file)
    })
    this.#done = entries.at(-1)?.id ?? this.#done
    return isAll
  }

  #bring(file: DatabaseSync, entry: Entry): void {
    if (entry.raw !== undefined && this.#wasRead(file, entry.host)) return
    if (entry.kind === 'seen' && isToldByOther(file, entry, this.#session)) return
    const instead = entry.instead === undefined ? undefined : this.#ids.get(entry.instead)
    const { instead: _, ...rest } = { ...entry, ...this.#anew(entry) }
    const own = entry.raw === undefined && entry.kind === 'seen' ? untold(file, rest) : rest
    if (!own) return
    const { id } = insert(file, instead === undefined ? own : { ...own, instead }, this.#session)
    this.#ids.set(entry.id, id)
  }

  /** An incident has the id of its first entry. */
  #anew({ about, name }: Entry): Pick<Entry, 'about' | 'name'> {
    const id = about?.kind === 'incident' ? this.#ids.get(Number(about.id)) : undefined
    if (!about || id === undefined) return {}
    const isNamed = name !== undefined && name === label(`#${about.id}`)
    return { about: { ...about, id: `${id}` }, ...(isNamed ? { name: say`#${id}` } : {}) }
  }

  #wasRead(file: DatabaseSync, host: string): boolean {
    const known = this.#isRead.get(host)
    if (known !== undefined) return known
    const sql = 'SELECT 1 FROM log_position WHERE host = ? LIMIT 1'
    const isRead = prepared(file, sql).get(host) !== undefined
    this.#isRead.set(host, isRead)
    return isRead
  }

  #bringPositions(memory: DatabaseSync, file: DatabaseSync): void {
    for (const { host, file: name, position } of memory.prepare('SELECT * FROM log_position').all())
      if (!this.#wasRead(file, String(host)))
        prepared(file, 'INSERT OR IGNORE INTO log_position (host, file, position) VALUES (?, ?, ?)').run(
          String(host),
          String(name),
          String(position),
        )
  }
}
