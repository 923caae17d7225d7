import type { DatabaseSync } from 'node:sqlite'
import type { Label } from '../../hosts/label.ts'
import { relabel } from './relabel.ts'

/** That somebody takes care of an alert, and their note. */
export interface Acknowledgement {
  /** milliseconds since the epoch */
  readonly at: number
  readonly who: Label
  /** may be empty */
  readonly note: Label
}

/** When an alert began. */
export interface Beginning {
  /** milliseconds since the epoch */
  readonly since: number
  /** it was there already */
  readonly orEarlier?: true
}

/** `undefined`: it has ended. */
function writeBeginning(db: DatabaseSync, id: string, beginning: Beginning | undefined): void {
  if (!beginning) {
    db.prepare('DELETE FROM beginning WHERE id = ?').run(id)
    return
  }
  const { since, orEarlier } = beginning
  db.prepare('INSERT OR REPLACE INTO beginning (id, since, earlier) VALUES (?, ?, ?)').run(
    id,
    since,
    orEarlier ? 1 : 0,
  )
}

function readBeginning(db: DatabaseSync, id: string): Beginning | undefined {
  const row = db.prepare('SELECT since, earlier FROM beginning WHERE id = ?').get(id)
  return row && { since: Number(row.since), ...(row.earlier ? { orEarlier: true } : {}) }
}

function writeAcknowledgement(db: DatabaseSync, id: string, { at, who, note }: Acknowledgement): void {
  db.prepare('INSERT OR REPLACE INTO acknowledgement (id, at, who, note) VALUES (?, ?, ?, ?)').run(
    id,
    at,
    who,
    note,
  )
}

function readAcknowledgements(db: DatabaseSync): Map<string, Acknowledgement> {
  const rows = db.prepare('SELECT * FROM acknowledgement').all()
  return new Map(
    rows.map(({ id, at, who, note }) => [
      String(id),
      { at: Number(at), who: relabel(String(who)), note: relabel(String(note)) },
    ]),
  )
}

/**
 * Acknowledgements and beginnings of alerts, as all consoles have them, with what this one could not write yet. Pure bookkeeping: when
 * the file is read and written, the journal says.
 */
export class Marks {
  #acknowledgements: ReadonlyMap<string, Acknowledgement> = new Map()
  readonly #unwritten = new Map<string, Acknowledgement>()
  /** withdrawn acknowledgements that could not be deleted yet */
  readonly #forgotten = new Set<string>()
  /** `undefined`: it has ended */
  readonly #beginnings = new Map<string, Beginning | undefined>()

  /** The acknowledgements of all consoles, by key. */
  get acknowledgements(): ReadonlyMap<string, Acknowledgement> {
    return this.#acknowledgements
  }

  /** Whether something waits to be written. */
  get waits(): boolean {
    return this.#unwritten.size + this.#forgotten.size + this.#beginnings.size > 0
  }

  acknowledge(id: string, acknowledgement: Acknowledgement): void {
    this.#unwritten.set(id, acknowledgement)
    this.#forgotten.delete(id)
  }

  forget(id: string): void {
    this.#unwritten.delete(id)
    this.#forgotten.add(id)
    this.#acknowledgements = new Map([...this.#acknowledgements].filter(([other]) => other !== id))
  }

  begin(id: string, beginning: Beginning | undefined): void {
    this.#beginnings.set(id, beginning)
  }

  /** When an alert began, if a console has seen that and none has seen its end. */
  beginningOf(id: string, db: DatabaseSync): Beginning | undefined {
    return this.#beginnings.has(id) ? this.#beginnings.get(id) : readBeginning(db, id)
  }

  read(db: DatabaseSync): void {
    const written = [...readAcknowledgements(db)].filter(([id]) => !this.#forgotten.has(id))
    this.#acknowledgements = new Map([...written, ...this.#unwritten])
  }

  write(db: DatabaseSync): void {
    for (const id of this.#forgotten) db.prepare('DELETE FROM acknowledgement WHERE id = ?').run(id)
    for (const [id, beginning] of this.#beginnings) writeBeginning(db, id, beginning)
    for (const [id, acknowledgement] of this.#unwritten) writeAcknowledgement(db, id, acknowledgement)
  }

  /** What waited is in the file for good. */
  written(): void {
    this.#forgotten.clear()
    this.#beginnings.clear()
    this.#unwritten.clear()
  }

  /** Another file is to have them, too. */
  writeAll(): void {
    for (const [id, known] of this.#acknowledgements) this.#unwritten.set(id, known)
  }
}
