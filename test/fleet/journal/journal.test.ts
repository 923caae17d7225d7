import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FleetEvent } from '../../../src/fleet/event.ts'
import { Bookmark } from '../../../src/fleet/journal/bookmark.ts'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import { tablesVersion } from '../../../src/fleet/journal/schema.ts'
import { whoAmI } from '../../../src/fleet/who.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { asNobody } from '../../support/as-nobody.ts'
import { uuid } from '../../support/facts.ts'

let directory: string
let file: string
const open: Journal[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-journal-'))
  file = join(directory, 'state', 'journal.db')
})
afterEach(() => {
  for (const one of open.splice(0)) one.close()
  vi.restoreAllMocks()
  rmSync(directory, { recursive: true, force: true })
})

let sessions = 0
/** A journal as a console of its own would open it. */
function journal(at = file): Journal {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(++sessions)
  const one = new Journal(at)
  clock.mockRestore()
  open.push(one)
  return one
}

const machine = (n: number) => ({ kind: 'machine', id: uuid(n) }) as const
const crash: FleetEvent = {
  severity: 'bad',
  about: machine(1),
  host: 'a',
  name: say`web1`,
  text: say`crashed`,
}
const texts = (of: Journal) => of.latest(100).map(({ text }) => text)

describe('Journal', () => {
  it('makes its directory for its user alone, and keeps what was seen', () => {
    const one = journal()
    expect(one.trouble).toBeUndefined()
    one.saw([crash], 5000)
    expect(one.latest(10)).toEqual([{ id: 1, at: 5000, kind: 'seen', ...crash }])
    expect(statSync(join(directory, 'state')).mode & 0o077).toBe(0)
  })

  it('keeps what happened, when at its source and by whose word, and when it was seen', () => {
    const one = journal()
    const raw = label('[Mon Nov 30 11:51:46 2026] Quiescent real server: 10.0.0.11:389')
    const source = { type: 'frontend.out', source: 'ldirectord', uncertainty: 40.2, raw } as const
    one.saw([{ ...crash, ...source, at: 4000 }], 5000)
    one.saw([{ ...crash, ...source, at: 5000 }], 5000)
    expect(one.latest(2)).toEqual([
      { id: 2, kind: 'seen', ...crash, ...source, at: 5000, uncertainty: 41 },
      { id: 1, kind: 'seen', ...crash, ...source, at: 4000, seenAt: 5000, uncertainty: 41 },
    ])
  })

  it('takes nothing for a word, a source or a time which is none', () => {
    const one = journal()
    one.saw([crash], 1)
    const other = new DatabaseSync(file)
    other.exec("UPDATE entry SET type = 'toString', source = 'x', uncertainty = -1, seen_at = 'never'")
    other.close()
    expect(one.latest(1)).toEqual([{ id: 1, at: 1, kind: 'seen', ...crash }])
  })

  it('knows an event of another console by when it was seen, however long ago it happened', () => {
    const [one, other] = [journal(), journal()]
    one.saw([{ ...crash, at: 1000 }], 900_000)
    other.saw([{ ...crash, at: 1010 }], 900_400)
    expect(texts(one)).toHaveLength(1)
  })

  it('makes each directory on the way to its file, for its user alone', () => {
    journal(join(directory, 'one', 'two', 'three', 'journal.db'))
    for (const made of ['one', 'one/two', 'one/two/three'])
      expect(statSync(join(directory, made)).mode & 0o777).toBe(0o700)
  })

  it('is kept nowhere below a file, and says so', () => {
    writeFileSync(join(directory, 'file'), '')
    expect(journal(join(directory, 'file', 'journal.db')).trouble).toMatch(/EEXIST|ENOTDIR/)
  })

  it('shows a console that comes later what happened before', () => {
    journal().saw([crash], 5000)
    open.splice(0).forEach((one) => void one.close())
    expect(texts(journal())).toEqual(['crashed'])
  })

  it('gives the newest first, and only those after an id', () => {
    const one = journal()
    for (const text of ['one', 'two', 'three']) one.saw([{ ...crash, text: label(text) }], 1)
    expect(texts(one)).toEqual(['three', 'two', 'one'])
    expect(one.latest(1).map(({ text }) => text)).toEqual(['three'])
    expect(one.latest(10, 1).map(({ text }) => text)).toEqual(['three', 'two'])
  })

  it('gives those that are wanted: as many of them as are asked for, the bounds of time included', () => {
    const one = journal()
    const add = (at: number, host: string, severity: 'bad' | 'warning' | 'info') =>
      one.add({ at, kind: 'seen', severity, host, text: say`${at}` })
    add(1000, 'a', 'bad')
    add(2000, 'b', 'info')
    add(3000, "o'", 'warning')
    add(4000, 'a', 'info')
    const wanted = (...args: Parameters<Journal['latest']>) => one.latest(...args).map(({ at }) => at)
    expect(wanted(10, 0, {})).toEqual([4000, 3000, 2000, 1000])
    expect(wanted(10, 0, { since: 2000, until: 3000 })).toEqual([3000, 2000])
    expect(wanted(10, 0, { hosts: ['a', "o'"] })).toEqual([4000, 3000, 1000])
    expect(wanted(1, 0, { severities: ['bad', 'warning'] })).toEqual([3000])
    expect(wanted(10, 1, { hosts: ['a'], severities: ['info'] })).toEqual([4000])
    expect(wanted(10, 0, { hosts: [] })).toEqual([])
    expect(one.hosts().sort()).toEqual(['a', 'b', "o'"])
  })

  it('keeps who did what, the plan, the outcome, and the state before and after', () => {
    const one = journal()
    const entry = {
      at: 1,
      kind: 'did',
      severity: 'info',
      about: machine(1),
      host: 'a',
      name: say`web1`,
      text: say`start: done`,
      who: say`root@console`,
      plan: [say`a$ virsh start x`, say`a$ virsh "y"`],
      before: say`shut off on a`,
      after: say`running on a`,
      states: { before: { vcpus: 2 }, after: { vcpus: 4 } },
    } as const
    one.add(entry)
    expect(one.latest(1)).toEqual([{ id: 1, ...entry }])
  })

  it('keeps what would undo a change, and takes nothing for that which is none', () => {
    const one = journal()
    const change = {
      batch: 'x',
      verb: 'pause',
      target: uuid(1),
      isEnded: true,
      undo: { verb: 'resume', answers: { to: 'b' }, ids: [uuid(1)] },
    }
    one.add({ at: 1, kind: 'did', severity: 'info', host: 'a', text: say`pause: done`, change })
    expect(one.latest(1)[0]?.change).toEqual(change)
    const db = new DatabaseSync(file)
    for (const text of [
      '{',
      '[]',
      '{"batch":1}',
      '{"batch":"x","verb":"v","target":"t","isEnded":true,"undo":{}}',
    ]) {
      db.prepare('UPDATE entry SET change = ?').run(text)
      // A console that comes: what one has read once it reads no more.
      expect(journal().latest(1)[0]).not.toHaveProperty('change')
    }
    db.close()
  })

  it('takes nothing for a state before or after which is none', () => {
    const one = journal()
    one.add({
      at: 1,
      kind: 'did',
      severity: 'info',
      host: 'a',
      text: say`pause: done`,
      states: { after: {} },
    })
    const db = new DatabaseSync(file)
    for (const [text, states] of [
      ['{"before":7,"after":{"a":1}}', { after: { a: 1 } }],
      ['[]', undefined],
      ['{', undefined],
    ] as const) {
      db.prepare('UPDATE entry SET states = ?').run(text)
      expect(journal().latest(1)[0]?.states).toEqual(states)
    }
    db.close()
  })

  it('says in the file which version its tables are of', () => {
    journal()
    const db = new DatabaseSync(file)
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: tablesVersion })
    db.close()
  })

  it('leaves a file of a newer version as it is, goes on in memory, and says why', () => {
    mkdirSync(dirname(file))
    const db = new DatabaseSync(file)
    db.exec(`CREATE TABLE entry (what TEXT); PRAGMA user_version = ${tablesVersion + 1}`)
    db.close()
    const one = journal()
    expect(one.trouble).toContain(`a newer vdd has written it (version ${tablesVersion + 1} of its tables`)
    one.add({ at: 1, kind: 'seen', severity: 'info', host: 'a', text: say`x` })
    expect(one.latest(5)).toHaveLength(1)
    const after = new DatabaseSync(file)
    expect(after.prepare("SELECT sql FROM sqlite_master WHERE name = 'entry'").get()).toEqual({
      sql: 'CREATE TABLE entry (what TEXT)',
    })
    after.close()
  })

  it('gives labels back as they were, and hostile text as labels', () => {
    const name = label(`it's "x"\\ \n\u001b[2J\u202e'; DROP TABLE entry; --`)
    const one = journal()
    one.saw([{ ...crash, name, text: say`${name} crashed` }], 1)
    one.add({ ...crash, name, at: 1, kind: 'did', plan: [name], who: name })
    expect(one.latest(2)).toMatchObject([
      { name, plan: [name], who: name },
      { name, text: `${name} crashed` },
    ])
    expect(label(name)).not.toBe(name)
  })

  it('lets nothing out of the file that is not printable, whoever wrote it', () => {
    const one = journal()
    one.saw([crash], 1)
    const other = new DatabaseSync(file)
    other.exec(
      `UPDATE entry SET text = char(27) || '[2Jx', name = 'a' || char(10) || 'b', host = char(155), severity = 'odd', kind = 'odd', plan = '{not json'`,
    )
    other.close()
    expect(one.latest(1)).toMatchObject([
      { text: '\\e[2Jx', name: 'a\\nb', host: '\\x9b', severity: 'info', kind: 'seen' },
    ])
    expect(one.latest(1)[0]).not.toHaveProperty('plan')
  })

  it('writes an event that two consoles see once', () => {
    const [one, other] = [journal(), journal()]
    one.saw([crash], 5000)
    other.saw([crash], 5400)
    expect(texts(other)).toEqual(['crashed'])
  })

  it('writes it again when it happens again, or is another machine’s', () => {
    const [one, other] = [journal(), journal()]
    one.saw([crash], 5000)
    one.saw([crash], 5100)
    other.saw([crash], 9000)
    other.saw([{ ...crash, about: machine(2) }], 9000)
    other.saw([{ ...crash, host: 'b' }], 9000)
    expect(texts(one)).toHaveLength(5)
  })

  it('knows an event of a host, which has no machine, from that of another console', () => {
    const [one, other] = [journal(), journal()]
    const down: FleetEvent = {
      severity: 'bad',
      about: { kind: 'host', id: 'a' },
      host: 'a',
      text: say`not answering`,
    }
    one.saw([down], 5000)
    other.saw([down], 5000)
    expect(one.latest(9)).toEqual([{ id: 1, at: 5000, kind: 'seen', ...down }])
  })

  it('knows it also where each console has measured for itself how long something took', () => {
    const [one, other] = [journal(), journal()]
    const about = { kind: 'host', id: 'rs1' } as const
    const back = (text: FleetEvent['text']): FleetEvent => ({ severity: 'info', about, host: 'rs1', text })
    one.saw([back(say`LDAP: answers again, after 2 s`)], 5000)
    other.saw([back(say`LDAP: answers again, after 3 s`)], 5600)
    other.saw([back(say`10.9.0.11:389 back in 10.9.0.100:389, weight 4`)], 5700)
    one.saw([back(say`10.9.0.11:389 back in 10.9.0.100:389, weight 2`)], 5800)
    expect(texts(one)).toHaveLength(3)
  })

  it('tells its listeners of what is new, once of all that was seen at one look', () => {
    const one = journal()
    let told = 0
    const stop = one.subscribe(() => told++)
    const before = one.version
    one.saw([crash, crash], 1)
    one.saw([], 1)
    expect(told).toBe(1)
    expect(one.version).toBe(before + 1)
    stop()
    one.saw([crash], 1)
    expect(told).toBe(1)
  })

  it('goes on in memory when its directory cannot be made, and says so', () => {
    writeFileSync(join(directory, 'state'), 'a file stands here')
    const one = journal()
    expect(one.trouble).toMatch(/^journal is not kept: .*journal\.db: (EEXIST|ENOTDIR)/)
    one.saw([crash], 1)
    expect(texts(one)).toEqual(['crashed'])
    expect(existsSync(file)).toBe(false)
  })

  it('tries the file again every fifth second, and writes there what was seen and done meanwhile', () => {
    const inTheWay = join(directory, 'state')
    writeFileSync(inTheWay, 'a file stands here')
    const one = journal()
    one.saw([crash], 1)
    one.add({ at: 2, kind: 'did', severity: 'info', host: 'a', text: say`done` })
    const told = new Bookmark(one)
    one.acknowledge('x', { at: 3, who: say`anna`, note: say`known` }, {
      about: machine(1),
      host: 'a',
      name: say`web1`,
      text: say`bad`,
    } as never)
    one.began('y', { since: 4 })
    const place = one.place
    for (let i = 0; i < 10; i++) one.look()
    expect([one.trouble, one.place]).toEqual([expect.stringContaining('not kept'), place])
    rmSync(inTheWay)
    for (let i = 0; i < 4; i++) one.look()
    expect(one.trouble).toContain('not kept')
    one.look()
    expect(one.trouble).toBeUndefined()
    expect(one.place).not.toBe(place)
    // What was written anew there is no news.
    expect(told.last).toBe(one.newest)
    const other = journal()
    expect(texts(other)).toEqual(['acknowledged: bad, "known"', 'done', 'crashed'])
    expect(other.acknowledgements.get('x')?.note).toBe('known')
    expect(other.beginningOf('y')).toEqual({ since: 4 })
    expect(other.verify().fault).toBeUndefined()
    one.saw([{ ...crash, text: say`crashed again` }], 90_000)
    expect(texts(other)[0]).toBe('crashed again')
    expect(one.latest(9, told.last).map(({ text }) => text)).toEqual(['crashed again'])
  })

  it('writes nothing there that another console has told meanwhile', () => {
    const inTheWay = join(directory, 'state')
    writeFileSync(inTheWay, 'a file stands here')
    const one = journal()
    one.saw([crash], 1_000)
    rmSync(inTheWay)
    const other = journal()
    other.saw([crash], 1_500)
    for (let i = 0; i < 5; i++) one.look()
    expect(texts(one)).toEqual(['crashed'])
  })

  it('brings over what a log told better, and notes on incidents, by the ids that they have there', () => {
    const inTheWay = join(directory, 'state')
    writeFileSync(inTheWay, 'a file stands here')
    const one = journal()
    const lost = { ...crash, type: 'machine.crashed', about: machine(1) } as const
    one.saw([{ ...lost, text: say`crashed, was running` }], 1_000)
    const told = { ...lost, kind: 'seen', at: 900, source: 'libvirt', raw: say`a line` } as const
    const position = { cursor: 's=1;i=2' }
    one.takeLog({ host: 'a', file: 'journal', from: undefined, to: position, entries: [told] })
    const about = { kind: 'incident', id: '1' } as const
    one.add({
      at: 2_000,
      kind: 'did',
      severity: 'info',
      host: 'console',
      about,
      name: say`#1`,
      text: say`known`,
    })
    rmSync(inTheWay)
    const other = journal()
    other.saw([{ ...crash, text: say`another` }], 500)
    for (let i = 0; i < 5; i++) one.look()
    expect(one.trouble).toBeUndefined()
    expect(other.latest(9)).toMatchObject([
      { text: 'known', about: { kind: 'incident', id: '2' }, name: '#2' },
      { text: 'crashed, was running', raw: 'a line', instead: 2 },
      { text: 'another' },
    ])
    expect(other.logPosition('a', 'journal')).toEqual(position)
  })

  it('leaves to the logs what they will tell again, where the file has been read before', () => {
    const position = (i: number) => ({ cursor: `s=1;i=${i}` })
    const taken = { host: 'a', file: 'journal', entries: [] }
    const inTheWay = join(directory, 'state')
    journal().takeLog({ ...taken, from: undefined, to: position(1) })
    renameSync(inTheWay, join(directory, 'away'))
    writeFileSync(inTheWay, 'a file stands here')
    const one = journal()
    const told = { ...crash, kind: 'seen', at: 900, source: 'libvirt', raw: say`a line` } as const
    one.takeLog({ ...taken, from: undefined, to: position(2), entries: [told] })
    rmSync(inTheWay)
    renameSync(join(directory, 'away'), inTheWay)
    for (let i = 0; i < 5; i++) one.look()
    expect([one.trouble, one.latest(9)]).toEqual([undefined, []])
    expect(one.logPosition('a', 'journal')).toEqual(position(1))
  })

  it('brings over much a piece at a time, and all of it when it ends', () => {
    const inTheWay = join(directory, 'state')
    writeFileSync(inTheWay, 'a file stands here')
    const one = new Journal(file)
    for (let i = 0; i < 1_200; i++)
      one.add({ at: i, kind: 'did', severity: 'info', host: 'a', text: say`${i}` })
    rmSync(inTheWay)
    for (let i = 0; i < 6; i++) one.look()
    const other = journal()
    expect([one.trouble, other.newest]).toEqual([expect.stringContaining('not kept'), 1_000])
    one.close()
    expect(other.newest).toBe(1_200)
    expect(other.verify().fault).toBeUndefined()
  })

  it('withdraws there what was withdrawn while it was lost', () => {
    const one = journal()
    const alert = { about: machine(1), host: label('a'), name: say`web1`, text: say`bad` }
    one.acknowledge('x', { at: 3, who: say`anna`, note: say`` }, alert)
    one.look()
    const other = new DatabaseSync(file)
    other.exec('ALTER TABLE entry RENAME TO away')
    one.saw([crash], 1)
    expect(one.trouble).toContain('not kept')
    one.forgetAcknowledgement('x')
    other.exec('ALTER TABLE away RENAME TO entry')
    other.close()
    for (let i = 0; i < 5; i++) one.look()
    expect(one.trouble).toBeUndefined()
    expect(journal().acknowledgements.size).toBe(0)
  })

  it('goes on in memory when the file is no journal, and leaves that file as it is', () => {
    const foreign = join(directory, 'notes.txt')
    const notes = 'these are my notes, which are longer than the header of a database would be\n'.repeat(20)
    writeFileSync(foreign, notes)
    const one = journal(foreign)
    expect(one.trouble).toMatch(/^journal is not kept: .*not a database/)
    one.saw([crash], 1)
    expect(texts(one)).toEqual(['crashed'])
    expect(statSync(foreign).size).toBe(notes.length)
  })

  it.each(['journal.db', 'below/journal.db'])(
    'goes on in memory when %s may not be made, and says why',
    (name) => {
      chmodSync(directory, 0o555)
      const { trouble } = asNobody(() => journal(join(directory, name)))
      expect(trouble).toMatch(/^journal is not kept: .*EACCES: permission denied/)
      chmodSync(directory, 0o700)
    },
  )

  it('goes on in memory when the file can no longer be written', () => {
    const one = journal()
    for (let i = 0; i < 5; i++) one.saw([{ ...crash, text: say`${i}` }], i)
    const told = new Bookmark(one)
    const other = new DatabaseSync(file)
    other.exec('DROP TABLE entry')
    other.close()
    one.saw([crash], 1)
    expect(one.trouble).toContain('journal is not kept')
    expect(texts(one)).toEqual(['crashed'])
    // Ids begin anew there, and what is new is told.
    expect(one.latest(9, told.last)).toHaveLength(1)
  })

  it('keeps the log beside its file small, however much is written between two looks for what is too old', () => {
    const one = journal()
    const long = say`${label('x'.repeat(100_000))}`
    const sizes = Array.from({ length: 8 }, () => {
      for (let n = 0; n < 20; n++) one.add({ ...crash, at: n, kind: 'did', text: long })
      one.look()
      return statSync(`${file}-wal`).size
    })
    expect(Math.max(...sizes)).toBeLessThan(8_000_000)
    expect(one.latest(200)).toHaveLength(160)
  })

  it('drops what is older than the newest hundred thousand when it is closed', () => {
    const one = journal()
    one.saw([crash], 1)
    const other = new DatabaseSync(file)
    other.exec(
      `INSERT INTO entry (id, at, kind, severity, host, text, session) VALUES (2, 1, 'seen', 'info', 'a', 'two', 'x'), (100002, 1, 'seen', 'info', 'a', 'new', 'x')`,
    )
    other.exec(
      `INSERT INTO entry (id, at, kind, severity, host, text, session) VALUES (3, 1, 'seen', 'info', 'a', 'three', 'x')`,
    )
    other.close()
    open.splice(0)
    one.close()
    expect(texts(journal())).toEqual(['new', 'three'])
  })
})

/** Another process that holds the file, until it is let go. */
function lock(): () => void {
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  return () => {
    other.exec('ROLLBACK')
    other.close()
  }
}

describe('a journal that another process has locked', () => {
  it('keeps nobody waiting, shows what is not written yet, says why, and writes it later', () => {
    const one = journal()
    one.saw([{ ...crash, text: say`before` }], 1)
    const release = lock()
    const began = performance.now()
    for (let i = 0; i < 20; i++) one.saw([{ ...crash, text: label(`event ${i}`) }], 2)
    // Each used to wait for a second.
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(one.trouble).toMatch(/^journal is not kept: database is locked/)
    expect(texts(one).slice(0, 2)).toEqual(['event 19', 'event 18'])
    expect(texts(journal())).toEqual(['before'])
    release()
    one.look()
    expect(one.trouble).toBeUndefined()
    expect(texts(journal())).toEqual(texts(one))
    expect(texts(one)).toHaveLength(21)
  })

  it('lets a change wait until it stands there', async () => {
    const one = journal()
    const release = lock()
    one.add({ ...crash, at: 1, kind: 'did' })
    const written = one.written()
    release()
    expect(await written).toBe(true)
    expect(texts(journal())).toEqual(['crashed'])
  })

  it('keeps what was done and counts what it gives up, when too much waits', () => {
    const one = journal()
    const release = lock()
    one.add({ ...crash, at: 1, kind: 'did', text: say`done` })
    for (let i = 0; i < 5_010; i++) one.saw([{ ...crash, text: label(`event ${i}`) }], 2)
    expect(one.trouble).toMatch(/locked; 11 events are lost$/)
    release()
    one.look()
    const all = one.latest(6_000)
    expect(all[0]?.text).toBe('11 events are not in the journal: it could not be written for so long')
    expect(all.at(-1)?.text).toBe('done')
    expect(all.at(-2)?.text).toBe('event 11')
  })
})

describe('the file of a journal', () => {
  const modes = () => ['', '-wal', '-shm'].map((end) => statSync(`${file}${end}`).mode & 0o777)

  it('is its user’s alone', () => {
    journal().saw([crash], 1)
    expect(modes()).toEqual([0o600, 0o600, 0o600])
  })

  it('becomes so when everybody could read it, and stays as it is when it was given to a group', () => {
    journal()
    for (const end of ['', '-wal', '-shm']) chmodSync(`${file}${end}`, 0o644)
    journal()
    expect(modes()).toEqual([0o600, 0o600, 0o600])
    chmodSync(file, 0o660)
    const { writers, doubt } = journal()
    expect(modes()[0]).toBe(0o660)
    expect([writers, doubt]).toEqual(['group', undefined])
  })

  it('is believed only where nobody else can have written it', () => {
    expect(journal().writers).toBeUndefined()
    const another = vi.spyOn(process, 'getuid').mockReturnValue(statSync(file).uid + 1)
    chmodSync(file, 0o666)
    const { writers, doubt } = journal()
    expect([writers, doubt]).toEqual(['others', expect.stringContaining(`${file}: others may write it`)])
    another.mockRestore()
  })

  it.each([
    ['removed', () => rmSync(file)],
    ['replaced by another file', () => renameSync(join(directory, 'other.db'), file)],
  ])('is begun anew when it was %s, and says so', (what, harm) => {
    journal(join(directory, 'other.db'))
    open.splice(0).forEach((one) => void one.close())
    const one = journal()
    one.saw([crash], 1)
    harm()
    one.look()
    one.saw([{ ...crash, text: say`later` }], Date.now() + 1)
    expect(one.trouble).toBeUndefined()
    expect(texts(journal()).slice(0, 2)).toEqual([
      'later',
      `the journal was ${what} while a console wrote to it`,
    ])
  })

  it('is listed in spite of rows that cannot be read', () => {
    const one = journal()
    one.saw([crash], 1)
    const other = new DatabaseSync(file)
    other.exec(
      `INSERT INTO entry (at, kind, severity, host, text, name, session) VALUES (9223372036854775807, 'seen', 'info', x'00', x'ff', x'07', 'x')`,
    )
    other.close()
    one.saw([{ ...crash, text: say`after` }], 2)
    expect(texts(one)).toEqual(['(cannot be read)', 'after', 'crashed'])
    expect(one.latest(3)[0]).toMatchObject({ at: 0, host: '(cannot be read)', name: '(cannot be read)' })
  })

  it('says so when no list of it can be made', () => {
    const one = journal()
    const other = new DatabaseSync(file)
    other.exec('ALTER TABLE entry RENAME TO gone')
    other.close()
    expect(one.latest(1)).toEqual([])
    expect(one.trouble).toMatch(/^journal cannot be read: no such table/)
    expect(one.hosts()).toEqual([])
  })
})

describe('whoAmI', () => {
  it('names the user, the machine, and where the session came from', () => {
    expect(whoAmI({})).toMatch(/^[^@ ]+@[^ ]+$/)
    expect(whoAmI({ SSH_CONNECTION: '192.0.2.7 5000 192.0.2.1 22' })).toMatch(/ from 192\.0\.2\.7$/)
    expect(whoAmI({ SUDO_USER: 'ada' })).toMatch(/^ada as /)
  })

  it('makes hostile text of the environment printable', () => {
    expect(whoAmI({ SUDO_USER: '\u001b[2J', SSH_CONNECTION: '\u202e 1' })).toMatch(
      /^\\e\[2J as .* from \\u\{202e\}$/,
    )
  })
})
