import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { commandLine } from '../../src/cli/program.ts'
import { sumsOf } from '../../src/cli/session-report.ts'
import { DeskBook } from '../../src/fleet/journal/desk-book.ts'
import {
  type Ending,
  type NewSession,
  readSessions,
  type Session,
  sessionOfChannel,
  silentAfter,
  writeLater,
  writeStart,
} from '../../src/fleet/journal/sessions.ts'

import { AccountingSite, secret } from './support/accounting.ts'

const hour = 3_600_000
const at = (day: number, hours: number, minutes = 0) => new Date(2026, 9, day, hours, minutes).getTime()

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vdd-sessions-'))
  writeFileSync(
    join(home, 'vdd.yaml'),
    `journal: ${join(home, 'j.db')}\nhosts:\n  - name: here\n    local: true\n`,
  )
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

interface Written extends Partial<NewSession> {
  readonly from: number
  readonly to?: number
  readonly how?: Ending
}

function write(...all: readonly Written[]): Session[] {
  const book = new DeskBook(join(home, 'j.db'))
  for (const [i, { from, to, how = 'ended', ...given }] of all.entries()) {
    const one = {
      channel: `aaaaa${'abcdefgh'[i]}`,
      uid: 1001,
      who: 'anna',
      terminal: 'term3',
      machine: 'pc1',
      system: 'office',
      session: 'xfce',
      ...given,
    }
    writeStart(book.db, one, from)
    if (to !== undefined)
      writeLater(book.db, sessionOfChannel(book.db, one.channel) as Session, 'end', to, how)
  }
  const sessions = readSessions(book.db)
  book.close()
  return sessions
}

async function vdd(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const keep = (to: 'out' | 'err') =>
    ((text: string) => {
      said[to] += text
      return true
    }) as typeof process.stdout.write
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
  try {
    const code = await commandLine(async () => 0, '0')(['--config', join(home, 'vdd.yaml'), ...args])
    return { code, ...said }
  } finally {
    vi.restoreAllMocks()
  }
}

describe('sums of sessions', () => {
  it('are by person, machine and system, the most hours first, and count no hours of what has no end', () => {
    const now = at(12, 12)
    const sessions = write(
      { from: at(10, 8), to: at(10, 10) },
      { from: at(11, 8), to: at(11, 9, 30), machine: 'pc2' },
      { from: at(11, 8), to: at(11, 13), who: 'bruno' },
      { from: at(12, 8) },
      { from: now - silentAfter, who: 'bruno' },
    )
    expect(sumsOf(sessions, 'user', {}, now)).toEqual([
      { key: 'bruno', uid: 1001, sessions: 2, hours: 5, open: 1, lost: 0 },
      { key: 'anna', uid: 1001, sessions: 3, hours: 3.5, open: 0, lost: 1 },
    ])
    expect(sumsOf(sessions, 'machine', {}, now).map(({ key, hours }) => [key, hours])).toEqual([
      ['pc1', 7],
      ['pc2', 1.5],
    ])
  })

  it('are by group: who is in several counts in each, and a group of their own only where there is no other', () => {
    const sessions = write(
      { from: at(10, 8), to: at(10, 10), groups: ['anna', 'desk', '3b'] },
      { from: at(10, 8), to: at(10, 9), who: 'bruno', groups: ['bruno', 'desk'] },
      { from: at(10, 8), to: at(10, 12), who: 'carla', groups: ['carla'] },
      { from: at(10, 8), to: at(10, 8, 30), who: 'dino' },
    )
    expect(sumsOf(sessions, 'group', {}, at(11, 0)).map(({ key, hours }) => [key, hours])).toEqual([
      ['carla', 4],
      ['desk', 3],
      ['3b', 2],
      ['', 0.5],
    ])
  })

  it('are by the days on which the hours were, also where the clocks are set', () => {
    const sessions = write({ from: at(24, 22), to: at(26, 1) }, { from: at(24, 9), to: at(24, 10) })
    expect(sumsOf(sessions, 'day', {}, at(30, 0))).toEqual([
      { key: '2026-10-24', sessions: 2, hours: 3, open: 0, lost: 0 },
      { key: '2026-10-25', sessions: 0, hours: (at(26, 0) - at(25, 0)) / hour, open: 0, lost: 0 },
      { key: '2026-10-26', sessions: 0, hours: 1, open: 0, lost: 0 },
    ])
  })

  it('count of a span what lies in it', () => {
    const sessions = write({ from: at(10, 8), to: at(10, 12) })
    const [sum] = sumsOf(sessions, 'user', { since: at(10, 9), until: at(10, 10, 30) }, at(11, 0))
    expect(sum).toMatchObject({ sessions: 0, hours: 1.5 })
  })

  it('are not below zero where the clock was set back', () => {
    const [sum] = sumsOf(write({ from: at(10, 8), to: at(10, 7) }), 'user', {}, at(11, 0))
    expect(sum).toMatchObject({ sessions: 1, hours: 0 })
  })
})

describe('vdd session', () => {
  it('lists who was where, and marks what has no end', async () => {
    write(
      { from: at(10, 8), to: at(10, 9), how: 'closed' },
      { from: at(10, 8), who: 'bruno', terminal: 'a\u001b[2J' },
    )
    const { code, out } = await vdd('session', 'history')
    const [heading, anna, bruno] = out.split('\n')
    expect(heading).toMatch(/^USER +TERMINAL +MACHINE +SYSTEM +SESSION +START +END +HOW +HOURS$/)
    expect(anna).toMatch(/^anna +term3 +pc1 +office +xfce +10 Oct 08:00:00 +10 Oct 09:00:00 +closed +1\.00$/)
    expect(bruno).toMatch(/^bruno +a\\e\[2J .* no end, heard 10 Oct 08:00:00 +- +-$/)
    expect(code).toBe(0)
  })

  it('gives JSON and comma separated values', async () => {
    write({ from: at(10, 8), to: at(10, 9), how: 'closed', terminal: '=1+1' })
    const json = JSON.parse((await vdd('session', 'history', '--json')).out) as Record<string, unknown>[]
    expect(json).toEqual([
      {
        user: 'anna',
        uid: 1001,
        groups: null,
        terminal: '=1+1',
        machine: 'pc1',
        system: 'office',
        session: 'xfce',
        channel: 'aaaaaa',
        start: new Date(at(10, 8)).toISOString(),
        end: new Date(at(10, 9)).toISOString(),
        how: 'closed',
        hours: 1,
        state: 'ended',
        heard: new Date(at(10, 9)).toISOString(),
        told: null,
      },
    ])
    const [heading, line] = (await vdd('session', 'history', '--csv')).out.split('\n')
    expect(heading).toBe(
      'user,uid,groups,terminal,machine,system,session,channel,start,end,how,hours,state,heard,told',
    )
    expect(line).toContain("anna,1001,,'=1+1,pc1,office,xfce,aaaaaa,")
    // What that number is called on the machine of whoever tests is not known here.
    expect((await vdd('session', 'report', '--csv')).out).toMatch(
      /^user,sessions,hours,open,lost,fullName\nanna,1,1,0,0,[^,]*\n$/,
    )
    expect(JSON.parse((await vdd('session', 'report', '--by', 'day', '--json')).out)).toEqual([
      { day: '2026-10-10', sessions: 1, open: 0, lost: 0, hours: 1 },
    ])
  })

  it('keeps the groups that a person had when it began', async () => {
    write(
      { from: at(10, 8), to: at(10, 9), groups: ['desk', 'class 3b'] },
      { from: at(10, 9), who: 'bruno' },
      { from: at(10, 9), who: 'carla', groups: ['carla'] },
    )
    const found = JSON.parse((await vdd('session', 'history', '--json', '--group', 'class 3b')).out)
    expect(found).toMatchObject([{ user: 'anna', groups: ['desk', 'class 3b'] }])
    expect((await vdd('session', 'history', '--csv')).out).toContain('anna,1001,"desk,class 3b",')
    expect((await vdd('session', 'report', '--by', 'group')).out).toMatch(
      /^GROUP .*\nclass 3b +1 +1\.00 .*\ndesk +1 +1\.00 .*\n- +1 +0\.00 .*\ncarla +1 +0\.00 /,
    )
    expect(JSON.parse((await vdd('session', 'report', '--by', 'group', '--json')).out)).toContainEqual(
      expect.objectContaining({ group: null, sessions: 1 }),
    )
  })

  it('lets no group of a directory look like two in CSV', async () => {
    write({ from: at(10, 8), to: at(10, 9), groups: ['desk,teachers', 'a\\b'] })
    expect((await vdd('session', 'history', '--csv')).out).toContain('anna,1001,"desk\\,teachers,a\\\\b",')
  })

  it('reads a book from before there were groups, and writes on in it', () => {
    const book = new DeskBook(join(home, 'j.db'))
    book.db.exec('ALTER TABLE desk_account DROP COLUMN groups')
    book.close()
    const [first] = write({ from: at(10, 8), groups: ['desk'] })
    expect(first?.groups).toEqual(['desk'])
  })

  it('narrows by person, machine, system and time', async () => {
    write(
      { from: at(10, 8), to: at(10, 9) },
      { from: at(11, 8), to: at(11, 9), who: 'bruno', machine: 'pc2', system: 'lab' },
    )
    const who = async (...args: string[]) =>
      (JSON.parse((await vdd('session', 'history', '--json', ...args)).out) as { user: string }[]).map(
        ({ user }) => user,
      )
    expect(await who('--user', 'anna')).toEqual(['anna'])
    expect(await who('--machine', 'pc2')).toEqual(['bruno'])
    expect(await who('--system', 'lab')).toEqual(['bruno'])
    expect(await who('--since', '2026-10-11')).toEqual(['bruno'])
    expect(await who('--until', '2026-10-11')).toEqual(['anna'])
  })

  it('says where they would be, where there are none', async () => {
    expect(await vdd('session', 'history')).toMatchObject({
      code: 6,
      out: '',
      err: expect.stringContaining('no sessions are kept in'),
    })
    write()
    expect(await vdd('session', 'history')).toEqual({
      code: 0,
      out: '',
      err: 'vdd: no sessions of that are kept\n',
    })
    expect((await vdd('session', 'report', '--by', 'weather')).code).toBe(2)
    expect((await vdd('session', 'history', '--json', '--csv')).code).toBe(2)
  })

  it('says whose the file is, where this user cannot use it', async () => {
    mkdirSync(join(home, 'j.db'))
    const { code, err } = await vdd('session', 'history')
    expect(code).toBe(6)
    expect(err).toMatch(/^vdd: \S+j\.db: .+; it belongs to the desk's broker and to a group of its operators/)
  })

  it('tells RADIUS servers what they have not been told, and says of what that is so', async () => {
    const site = new AccountingSite()
    try {
      const { config, heard } = await site.server(() => (isDeaf ? undefined : secret))
      let isDeaf = true
      writeFileSync(
        join(home, 'vdd.yaml'),
        `journal: ${join(home, 'j.db')}\nhosts: [{name: here, local: true}]\n
desk: {systems: [], accounting: {servers: [{address: 127.0.0.1, port: ${config.port}, secretFile: ${site.secretFile}}]}}\n`,
      )
      write({ from: at(10, 8), to: at(10, 9) }, { from: at(10, 8), who: 'bruno' })
      const told = async () =>
        (JSON.parse((await vdd('session', 'history', '--json')).out) as { told: unknown }[]).map(
          (one) => one.told,
        )
      expect(await told()).toEqual([false, false])
      const { out, err, code } = await vdd('session', 'send')
      expect([out, code]).toEqual(['told 0, left 4\n', 4])
      expect(err).toMatch(/^vdd: 127\.0\.0\.1 port \d+: no answer in 2 s \(is the secret right, /)
      expect((await vdd('session', 'history')).out).toMatch(/ HOURS +TOLD\n.*1\.00 +not yet\n/)
      isDeaf = false
      heard.length = 0
      expect(JSON.parse((await vdd('session', 'send', '--json')).out)).toEqual({
        told: 4,
        left: 0,
        trouble: null,
      })
      expect(heard.map(({ status, user }) => `${status} ${user}`)).toEqual([
        'start anna',
        'stop anna',
        'start bruno',
        // Nobody has said for long that it is there.
        'stop bruno',
      ])
      expect(await told()).toEqual([true, true])
      expect((await vdd('session', 'history')).out).toMatch(/ HOURS +TOLD\n.*1\.00 +yes\n/)
    } finally {
      await site.close()
    }
  })

  it('is told by the timer that keeps machines ready, too', async () => {
    const site = new AccountingSite()
    try {
      const { config, heard } = await site.server()
      writeFileSync(
        join(home, 'vdd.yaml'),
        `journal: ${join(home, 'j.db')}\nhosts: [{name: here, local: true, roles: [display]}]
desk:
  systems: [{name: lab, title: Lab, machines: [{name: pc1, always: true}]}]
  accounting: {servers: [{address: 127.0.0.1, port: ${config.port}, secretFile: ${site.secretFile}}]}\n`,
      )
      write({ from: at(10, 8), to: at(10, 9) })
      expect(await vdd('catalogue', 'ready')).toMatchObject({ code: 0, err: '' })
      expect(heard.map(({ status }) => status)).toEqual(['start', 'stop'])
    } finally {
      await site.close()
    }
  })

  it('has nobody to tell where none is configured', async () => {
    write()
    expect(await vdd('session', 'send')).toMatchObject({
      code: 6,
      err: expect.stringContaining('desk.accounting'),
    })
  })
})

describe('vdd catalogue check', () => {
  it('warns of a system whose X11 goes in the clear, and of no other', async () => {
    const check = async (more: string) => {
      const systems = `[{name: old, title: Old, machines: [{name: localhost, always: true}]${more}}]`
      writeFileSync(
        join(home, 'vdd.yaml'),
        `journal: ${join(home, 'j.db')}\nhosts: [{name: here, local: true, roles: [display]}]\ndesk: {systems: ${systems}}\n`,
      )
      return await vdd('catalogue', 'check')
    }
    const warned = await check(', x11OverTcp: 10.0.0.1')
    expect(warned).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^vdd: old: X11 goes .*in the clear, to 10\.0\.0\.1/),
    })
    expect(await check('')).toMatchObject({ code: 0, err: '' })
  })
})
