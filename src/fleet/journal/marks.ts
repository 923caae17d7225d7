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
export function writeBeginning(db: DatabaseSync, id: string, beginning: Beginning | undefined): void {
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

export function readBeginning(db: DatabaseSync, id: string): Beginning | undefined {
  const row = db.prepare('SELECT since, earlier FROM beginning WHERE id = ?').get(id)
  return row && { since: Number(row.since), ...(row.earlier ? { orEarlier: true } : {}) }
}

export function writeAcknowledgement(db: DatabaseSync, id: string, { at, who, note }: Acknowledgement): void {
  db.prepare('INSERT OR REPLACE INTO acknowledgement (id, at, who, note) VALUES (?, ?, ?, ?)').run(
    id,
    at,
    who,
    note,
  )
}

export function readAcknowledgements(db: DatabaseSync): Map<string, Acknowledgement> {
  const rows = db.prepare('SELECT * FROM acknowledgement').all()
  return new Map(
    rows.map(({ id, at, who, note }) => [
      String(id),
      { at: Number(at), who: relabel(String(who)), note: relabel(String(note)) },
    ]),
  )
}
