import { hash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type Label, say } from '../../hosts/label.ts'
import { prepared } from './prepared.ts'

/** What a table may hold of a field. */
export type Field = string | number | bigint | null

/** A place in the chain: an entry, and the hash of it and of all before it. */
export interface Link {
  readonly id: number
  /** SHA-256, in hexadecimal; empty: there is nothing before */
  readonly hash: string
}

/**
 * The tables of the chain: it begins behind `base`, the last entry that was taken away for its age, or was there before there was a chain;
 * `head` is the last one that was written.
 */
export function makeChain(db: DatabaseSync): void {
  db.exec(
    `ALTER TABLE entry ADD COLUMN hash TEXT;
    CREATE TABLE chain (one INTEGER PRIMARY KEY CHECK (one = 1), base_id INTEGER NOT NULL, base_hash TEXT NOT NULL,
      head_id INTEGER NOT NULL, head_hash TEXT NOT NULL);
    INSERT INTO chain SELECT 1, id, '', id, '' FROM (SELECT coalesce(max(id), 0) AS id FROM entry)`,
  )
}

/** The hash of an entry: of that of the one before it, and of all its fields that are not NULL, by their names in order. So a field that came later changes none. */
function hashOf(before: string, fields: Readonly<Record<string, unknown>>): string {
  const all = Object.keys(fields)
    .filter((name) => name !== 'hash' && fields[name] !== null)
    .sort()
    .flatMap((name) => [name, String(fields[name])])
  return hash('sha256', JSON.stringify([before, ...all]))
}

/** The place of the next entry, and its hash. To be called in the transaction that writes it: several consoles write at once. */
export function link(db: DatabaseSync, fields: Readonly<Record<string, Field>>): Link {
  const row = prepared(
    db,
    'SELECT head_hash AS hash, max(head_id, (SELECT coalesce(max(id), 0) FROM entry)) + 1 AS id FROM chain',
  ).get()
  const id = Number(row?.id)
  const next = { id, hash: hashOf(String(row?.hash), { ...fields, id }) }
  prepared(db, 'UPDATE chain SET head_id = ?, head_hash = ?').run(next.id, next.hash)
  return next
}

/** Takes away the entries up to this one, and keeps where the chain goes on. To be called in a transaction. */
export function cutBefore(db: DatabaseSync, upTo: number): void {
  const last = db.prepare('SELECT id, hash FROM entry WHERE id <= ? ORDER BY id DESC LIMIT 1').get(upTo)
  if (!last) return
  db.prepare('UPDATE chain SET base_id = max(base_id, ?), base_hash = iif(base_id < ?, ?, base_hash)').run(
    Number(last.id),
    Number(last.id),
    String(last.hash ?? ''),
  )
  db.prepare('DELETE FROM entry WHERE id <= ?').run(upTo)
}

/** What a look at the whole chain has found. */
export interface Verified {
  /** entries that were held against their hashes */
  readonly entries: number
  /** entries from before there was a chain: of them nothing is known */
  readonly older: number
  /** the last one of the chain: who keeps that elsewhere can tell later whether all was written anew */
  readonly head: Link
  /** the first that does not fit */
  readonly fault?: { readonly id: number; readonly why: Label }
}

/** Holds every entry against its hash, as the file is at one moment. */
export function verify(db: DatabaseSync): Verified {
  db.exec('BEGIN')
  try {
    return verified(db)
  } finally {
    db.exec('ROLLBACK')
  }
}

function verified(db: DatabaseSync): Verified {
  const ends = endsOf(db)
  if (!ends) return { entries: 0, older: 0, head: { id: 0, hash: '' }, fault: { id: 0, why: endless } }
  const { base, head } = ends
  const older = Number(db.prepare('SELECT count(*) AS n FROM entry WHERE id <= ?').get(base.id)?.n)
  const claimed = claimedOlder(db, base)
  if (claimed !== undefined) return { entries: 0, older: 0, head, fault: { id: claimed, why: notOlder } }
  const rows = db.prepare('SELECT * FROM entry WHERE id > ? ORDER BY id')
  // Without this, a number that is too large would end the look.
  rows.setReadBigInts(true)
  let before: Link = base
  let entries = 0
  for (const row of rows.iterate(base.id)) {
    const id = Number(row.id)
    if (id > before.id + 1) return { entries, older, head, fault: missing(before.id + 1, id - 1) }
    if (row.hash !== hashOf(before.hash, row)) return { entries, older, head, fault: { id, why: unfit } }
    before = { id, hash: String(row.hash) }
    entries++
  }
  if (before.id < head.id) return { entries, older, head, fault: missing(before.id + 1, head.id) }
  return before.hash === head.hash
    ? { entries, older, head }
    : { entries, older, head, fault: { id: before.id, why: unfit } }
}

/** Where the chain begins and ends; undefined: that was taken away, or is none. */
function endsOf(db: DatabaseSync): { readonly base: Link; readonly head: Link } | undefined {
  const statement = db.prepare('SELECT * FROM chain')
  statement.setReadBigInts(true)
  const { base_id, base_hash, head_id, head_hash } = statement.get() ?? {}
  const [base, head] = [linkOf(base_id, base_hash), linkOf(head_id, head_hash)]
  return base && head && { base, head }
}

function linkOf(id: unknown, hash: unknown): Link | undefined {
  const isPlace = typeof id === 'bigint' && id >= 0n && id <= BigInt(Number.MAX_SAFE_INTEGER)
  return isPlace && typeof hash === 'string' ? { id: Number(id), hash } : undefined
}

/**
 * The first entry up to the base that was not there before there was a chain: it has a hash, or so has the base, and up to a hash all were taken away. Else
 * the base could be put behind what was changed.
 */
function claimedOlder(db: DatabaseSync, { id, hash }: Link): number | undefined {
  const row = db
    .prepare("SELECT min(id) AS id FROM entry WHERE id <= ? AND (hash IS NOT NULL OR ? <> '')")
    .get(id, hash)
  return typeof row?.id === 'number' ? row.id : undefined
}

const endless = say`where the hashes begin and end was taken away`
const notOlder = say`it is not from before there were hashes, as the journal says`
const unfit = say`it, or the one before it, is not as it was written`

function missing(from: number, to: number): NonNullable<Verified['fault']> {
  return { id: from, why: from === to ? say`it is missing` : say`it is missing, and all up to ${to}` }
}
