import type { DatabaseSync } from 'node:sqlite'
import { makeChain } from './chain.ts'
import { makeLogs } from './logs.ts'

/** The steps from each version of the tables to the next; the first also takes files from before there were versions. */
const steps: readonly ((db: DatabaseSync) => void)[] = [
  (db) => {
    db.exec(
      `CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,
        severity TEXT NOT NULL, host TEXT NOT NULL, uuid TEXT, name TEXT, text TEXT NOT NULL, who TEXT, plan TEXT,
        before TEXT, after TEXT, session TEXT NOT NULL, change TEXT)`,
    )
    const columns = db.prepare("SELECT name FROM pragma_table_info('entry')").all()
    if (!columns.some(({ name }) => name === 'change')) db.exec('ALTER TABLE entry ADD COLUMN change TEXT')
    db.exec('CREATE INDEX IF NOT EXISTS entry_at ON entry (at)')
    db.exec(
      'CREATE TABLE IF NOT EXISTS acknowledgement (id TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL)',
    )
    db.exec(
      'CREATE TABLE IF NOT EXISTS beginning (id TEXT PRIMARY KEY, since INTEGER NOT NULL, earlier INTEGER NOT NULL)',
    )
  },
  // Version 1 named machines by UUID, and everything else by its host at most.
  (db) => {
    db.exec('ALTER TABLE entry ADD COLUMN about TEXT')
    db.exec("UPDATE entry SET about = json_object('kind', 'host', 'id', host) WHERE host <> 'console'")
    db.exec("UPDATE entry SET about = json_object('kind', 'machine', 'id', uuid) WHERE uuid IS NOT NULL")
    db.exec('ALTER TABLE entry DROP COLUMN uuid')
    for (const table of ['acknowledgement', 'beginning']) nameAlertsAnew(db, table)
  },
  (db) => db.exec('ALTER TABLE entry ADD COLUMN states TEXT'),
  // `at` is the time at the source; `seen_at` is NULL where it was seen then.
  (db) => {
    for (const column of ['type TEXT', 'source TEXT', 'uncertainty INTEGER', 'raw TEXT', 'seen_at INTEGER'])
      db.exec(`ALTER TABLE entry ADD COLUMN ${column}`)
  },
  makeLogs,
  makeChain,
  // What was told of one object.
  (db) => db.exec('CREATE INDEX entry_about ON entry (about, at) WHERE about IS NOT NULL'),
]

/** Version 1 identified an alert by UUID, or by host and name. Other objects than machines and hosts cannot be told from that: they ring again. */
function nameAlertsAnew(db: DatabaseSync, table: string): void {
  for (const { id: old } of db.prepare(`SELECT id FROM ${table}`).all()) {
    const known = /^(?:([0-9a-f-]{36})|(\S+) \2) (.*?)( bad| warning)?$/.exec(String(old))
    const [, uuid, host, what = '', severity = ''] = known ?? []
    const kind = uuid ? 'machine' : what.startsWith('ldap ') ? 'directory' : 'host'
    const id = `${JSON.stringify([kind, uuid ?? host, what])}${severity}`
    if (known) db.prepare(`UPDATE ${table} SET id = ? WHERE id = ?`).run(id, String(old))
    else db.prepare(`DELETE FROM ${table} WHERE id = ?`).run(String(old))
  }
}

/** The version of the tables that this program writes; it stands in the file (PRAGMA user_version, sqlite.org/pragma.html). */
export const tablesVersion = steps.length

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)
}

/**
 * Brings the tables of a journal to this version, whole or not at all.
 *
 * @throws {Error} the file has a newer version, which this program does not know, so nothing is written to it
 */
export function bringUpToDate(db: DatabaseSync): void {
  if (versionOf(db) === tablesVersion) return
  // If two start at once, the second finds it done.
  db.exec('BEGIN IMMEDIATE')
  try {
    const found = versionOf(db)
    if (found > tablesVersion)
      throw new Error(
        `a newer vdd has written it (version ${found} of its tables, and this one knows ${tablesVersion})`,
      )
    for (const step of steps.slice(found)) step(db)
    db.exec(`PRAGMA user_version = ${tablesVersion}; COMMIT`)
  } catch (error) {
    // A full disk has ended it already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
