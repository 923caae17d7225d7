import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import { say } from '../../../src/hosts/label.ts'
import { uuid } from '../../support/facts.ts'

let directory: string
let journal: Journal | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-schema-'))
})
afterEach(() => {
  journal?.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A journal as vdd wrote it when its tables had version 1. */
function version1(...inserts: readonly string[]): Journal {
  const file = join(directory, 'journal.db')
  const db = new DatabaseSync(file)
  db.exec(
    `CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL,
      host TEXT NOT NULL, uuid TEXT, name TEXT, text TEXT NOT NULL, who TEXT, plan TEXT, before TEXT, after TEXT,
      session TEXT NOT NULL, change TEXT);
    CREATE INDEX entry_at ON entry (at);
    CREATE TABLE acknowledgement (id TEXT PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL);
    CREATE TABLE beginning (id TEXT PRIMARY KEY, since INTEGER NOT NULL, earlier INTEGER NOT NULL);
    PRAGMA user_version = 1`,
  )
  for (const insert of inserts) db.exec(insert)
  db.close()
  journal = new Journal(file)
  return journal
}

const entry = (text: string, host: string, id: string) =>
  `INSERT INTO entry (at, kind, severity, host, uuid, text, session) VALUES (1, 'seen', 'bad', '${host}', ${id}, '${text}', 's')`

it('a journal from before there were versions is read, and nothing of it can be undone', () => {
  const before = ['ALTER TABLE entry DROP COLUMN change', 'PRAGMA user_version = 0']
  const found = version1(...before, entry('pause: done', 'hv1', 'NULL'))
  expect(found.trouble).toBeUndefined()
  found.add({ at: 2, kind: 'did', severity: 'info', host: 'hv1', text: say`resume: done` })
  expect(found.latest(9).map(({ text }) => text)).toEqual(['resume: done', 'pause: done'])
})

describe('a journal of version 1', () => {
  it('tells what its entries are about: machines by UUID, else their host', () => {
    const { trouble } = version1(
      entry('the journal was removed', 'console', 'NULL'),
      entry('answers again', 'hv1', 'NULL'),
      entry('crashed', 'hv1', `'${uuid(1)}'`),
    )
    expect(trouble).toBeUndefined()
    const entries = journal?.latest(9) ?? []
    expect(entries.map(({ text, about }) => [text, about])).toEqual([
      ['crashed', { kind: 'machine', id: uuid(1) }],
      ['answers again', { kind: 'host', id: 'hv1' }],
      ['the journal was removed', undefined],
    ])
  })

  it('keeps what was acknowledged and since when it stands, for machines, hosts and directory servers', () => {
    const old = [`${uuid(1)} runs twice`, 'hv1 hv1 bond bond0', 'ldap1 ldap1 ldap behind', 'lb1 fe1 failed']
    const found = version1(
      ...old.flatMap((id) => [
        `INSERT INTO acknowledgement VALUES ('${id} warning', 1, 'ada', '')`,
        `INSERT INTO beginning VALUES ('${id}', 7, 0)`,
      ]),
    )
    const ids = [
      ['machine', uuid(1), 'runs twice'],
      ['host', 'hv1', 'bond bond0'],
      ['directory', 'ldap1', 'ldap behind'],
    ].map((parts) => JSON.stringify(parts))
    expect([...found.acknowledgements.keys()].sort()).toEqual(ids.map((id) => `${id} warning`).sort())
    expect(ids.map((id) => found.beginningOf(id)?.since)).toEqual([7, 7, 7])
  })
})
