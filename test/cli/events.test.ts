import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Journal, type NewEntry } from '../../src/fleet/journal/journal.ts'
import { label } from '../../src/hosts/label.ts'
import { run } from '../support/command-line.ts'
import { frozenAt } from '../support/frozen.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-events-'))
  file = join(directory, 'journal.db')
  writeFileSync(join(directory, 'vdd.yaml'), `journal: ${file}\nhosts: [{name: lb1, roles: [balancer]}]\n`)
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Entries in the journal, a minute old; the text is their place. */
function keep(...entries: readonly Partial<NewEntry>[]) {
  const journal = new Journal(file)
  const common = { at: frozenAt - 60_000, kind: 'seen', severity: 'info', host: 'lb1' } as const
  entries.forEach((entry, i) => void journal.add({ ...common, text: label(`event ${i}`), ...entry }))
  journal.close()
}

const vdd = (...words: string[]) => run(['--config', join(directory, 'vdd.yaml'), ...words])
const events = async (...options: string[]) =>
  [...(await vdd('events', ...options)).matchAll(/event (\d+)/g)].map(([, n]) => Number(n))

it('are narrowed by what they are about, who told of them and what happened, and given in columns', async () => {
  keep(
    { type: 'frontend.out', source: 'ldirectord', name: label('fe1') },
    { about: { kind: 'machine', id: 'u-1' }, raw: label('=x, "y"') },
  )
  expect(await events('--source', 'ldirectord')).toEqual([0])
  expect(await events('--source', 'vdd')).toEqual([1])
  expect(await events('--type', 'frontend')).toEqual([0])
  expect(await events('--type', 'frontend.out,host', '--source', 'vdd,ldirectord')).toEqual([0])
  expect(await events('--object', 'fe1', '--object', 'u-1')).toEqual([0, 1])
  const at = new Date(frozenAt - 60_000).toISOString()
  expect(await vdd('events', '--csv', '--object', 'u-1')).toContain(
    `id,at,seenAt,uncertaintySeconds,kind,type,source,severity,host,name,text,who,raw,aboutKind,aboutId,instead,orderUncertain
2,${at},${at},,seen,,vdd,info,lb1,,event 1,,"'=x, ""y""",machine,u-1,,false
== status 0`,
  )
})

it('say where it is not certain which of them came first', async () => {
  const of = (host: string, at: number, uncertainty?: number) => ({
    host,
    at: frozenAt - 60_000 + at,
    ...(uncertainty === undefined ? {} : { uncertainty }),
  })
  keep(of('lb1', 0, 500), of('lb2', 900, 500), of('lb2', 1_500, 100), of('lb1', 5_000, 100))
  const said = await vdd('events')
  const marked = [...said.matchAll(/:\d\d([~ ]) info {5}lb\d {2}event (\d)/g)].map(([, mark, n]) => [n, mark])
  expect(marked).toEqual([
    ['0', '~'],
    ['1', '~'],
    ['2', ' '],
    ['3', ' '],
  ])
  expect(said).toContain('vdd: ~ it is not certain what came first')
  const uncertain = JSON.parse((await vdd('events', '--json')).replace(/^.*\n|== status.*\n$/g, ''))
  expect(uncertain.map((one: { orderUncertain: boolean }) => one.orderUncertain)).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(await vdd('events', '--host', 'lb2')).not.toContain('~')
  expect(await vdd('events', '--csv')).toMatch(/,event 1,.*,true\n.*,event 2,.*,false\n/)
  expect(await vdd('events', '--csv')).not.toContain('not certain')
})

it.each([
  [['--source', 'ldirectord,nobody'], '--source ldirectord,nobody: of vdd, pacemaker'],
  [['--type', 'host.lots'], '--type host.lots: words as host.lost'],
  [['--json', '--csv'], '--json or --csv: one of them'],
  [['verfy'], 'verify'],
])('%j is refused with what can be', async (options, text) => {
  const said = await vdd('events', ...options)
  expect(said).toContain(text)
  expect(said).toContain('== status 2')
})

it('are held against their hashes, and the first that does not fit is said', async () => {
  keep({}, { severity: 'bad' }, {})
  expect(await vdd('events', 'verify')).toMatch(
    /all 3 entries are as they were written\nthe last is 3, SHA-256 [0-9a-f]{64}\n== status 0/,
  )
  const db = new DatabaseSync(file)
  db.exec("UPDATE entry SET severity = 'info' WHERE id = 2")
  db.close()
  expect(await vdd('events', 'verify')).toContain(
    'entry 2: it, or the one before it, is not as it was written; the 1 before it are as they were written\n== status 1',
  )
  expect(await vdd('events', 'verify', '--json')).toContain('"fault": {\n    "id": 2,')
})

it('cannot be held against anything where the file is none, and that is said', async () => {
  writeFileSync(file, 'these are notes, and no journal\n'.repeat(100))
  const said = await vdd('events', 'verify')
  expect(said).toMatch(/journal is not kept: .*not a database/)
  expect(said).toContain('== status 1')
})
