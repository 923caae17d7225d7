import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { loginsOf, readLines } from '../../../src/services/display/here/logins.ts'
import { ownLogin, tellLogin } from '../../../src/services/display/here/own-login.ts'
import type { Listed } from '../../../src/services/display/here/processes.ts'
import { readFullNames } from '../../../src/services/display/here/user-name.ts'

describe('what who(1) prints', () => {
  it.each([
    ['anna     pts/3        Nov 30 07:55 (10.0.0.31)', 'pts/3', '10.0.0.31'],
    ['anna     pts/3        2026-11-30 07:55 (fd00::1%eth0)', 'pts/3', 'fd00::1%eth0'],
    ['anna     sshd pts/3   2026-11-30 07:55 (term3)', 'pts/3', 'term3'],
    ['anna     pts/3        2026-11-30 07:55 (10.0.0.31 via mosh [812])', 'pts/3', '10.0.0.31'],
    ['root     tty1         2026-11-30 07:55', 'tty1', ''],
    ['root     ttyS0        2026-11-30 07:55', 'ttyS0', ''],
    [`anna     pts/3        2026-11-30 07:55 (${'x'.repeat(999)})`, 'pts/3', 'x'.repeat(200)],
  ])('tells of a login: %j', (line, tty, from) => {
    expect([...readLines(`${line}\n`)]).toEqual([[tty, from]])
  })

  it.each([
    'anna     :0           2026-11-30 07:55 (:0)',
    'anna     term3:0      2026-11-30 07:55 (term3:0)',
    'anna     pts/4        2026-11-30 07:55 (:0.0)',
    'anna     pts/4        2026-11-30 07:55 (tmux(812).%0)',
    'anna     pts/4        2026-11-30 07:55 (10.0.0.31:S.0)',
    'anna     pts/../../x  2026-11-30 07:55',
    '',
  ])('tells of no login at a terminal: %j', (line) => {
    expect([...readLines(line)]).toEqual([])
  })
})

describe('what getent(1) prints of people', () => {
  it('tells what they are called in full, of those who have such a name', () => {
    const text = [
      'anna:x:1003:1003:Anna Rossi,,,:/home/anna:/bin/bash',
      'bruno:x:1004:1004:,,,:/home/bruno:/bin/bash',
      'carla:x:1005:1005:carla:/home/carla:/bin/bash',
      `dario:x:1006:1006:${'x'.repeat(999)}:/home/dario:/bin/bash`,
      'getent: error',
    ]
    expect(readFullNames(text.join('\n'))).toEqual({ 1003: 'Anna Rossi', 1006: 'x'.repeat(100) })
    expect(readFullNames('')).toEqual({})
  })
})

describe('the text sessions of a machine', () => {
  const one = (pid: number, given: Partial<Listed> = {}): Listed => ({
    pid,
    parent: 1,
    leader: pid,
    uid: 1003,
    user: 'anna',
    tty: 'pts/3',
    name: 'bash',
    startedAt: 1_000,
    ...given,
  })
  const lines = new Map([['pts/3', '10.0.0.31']])
  const never = () => false
  const of = async (all: readonly Listed[], hasChannel: (uid: number) => boolean = never, who = lines) =>
    await loginsOf(who, new Map(all.map((each) => [each.pid, each])), hasChannel)
  const shell = one(70)
  const desk = one(71, { parent: 70, leader: 70, name: 'vdd desk' })

  it('are told of who is logged in, by the process that leads there', async () => {
    expect(await of([shell, one(72, { leader: 70, name: 'vi' }), one(73, { tty: '?' })])).toMatchObject([
      { tty: 'pts/3', pid: 70, uid: 1003, user: 'anna', since: 1_000, from: '10.0.0.31' },
    ])
    expect(await of([shell], never, new Map())).toEqual([])
  })

  it('are not told of a login whose desk has channels: these tell of them', async () => {
    expect(await of([shell, desk], (uid) => uid === 1003)).toEqual([])
    expect(await of([shell], (uid) => uid === 1003)).toHaveLength(1)
    expect(await of([shell, desk])).toMatchObject([{ pid: 70 }])
  })

  it('are what the desk shows there, with the machine, whether that is a login or not', async () => {
    const ssh = one(process.pid, { parent: 71, leader: 70, name: 'ssh', startedAt: 5_000 })
    const told = { pid: process.pid, since: 5_000, machine: { address: expect.any(String) } }
    expect(await of([shell, desk, ssh], () => true)).toMatchObject([{ ...told, from: '10.0.0.31' }])
    expect(await of([shell, desk, ssh], never, new Map())).toMatchObject([told])
    // It has ended since.
    expect(await of([shell, desk, { ...ssh, pid: 2 ** 22 + 1 }])).toEqual([])
  })

  it('are twenty of one person at most, the latest, so that the others have room', async () => {
    const many = Array.from({ length: 30 }, (_, i) => one(100 + i, { tty: `pts/${i}`, startedAt: i }))
    const who = new Map([...many.map(({ tty }) => [tty, ''] as const), ['tty1', ''] as const])
    const told = await of([...many, one(70, { tty: 'tty1', uid: 1004, user: 'bruno' })], never, who)
    expect(told.map(({ since }) => since)).toEqual([...Array.from({ length: 20 }, (_, i) => 10 + i), 1_000])
  })
})

describe('a text session of one’s own', () => {
  const { uid } = userInfo()

  it.each([
    `pts/99999-${process.pid}`,
    `ttyZ9-${process.pid}`,
    `pts/../x-${process.pid}`,
    'k7q2mz',
    '-1',
    'pts/0-0',
  ])('is not %j', async (id) => {
    expect(await ownLogin(id, uid)).toBeUndefined()
  })

  it('is hung up, or ended at once', async () => {
    for (const [insist, signal] of [
      [false, 'SIGHUP'],
      [true, 'SIGKILL'],
    ] as const) {
      const child = spawn('sleep', ['600'])
      const ended = once(child, 'exit')
      expect(await tellLogin({ tty: 'null', pid: child.pid ?? 0 }, { do: 'close', insist })).toEqual({
        done: true,
      })
      expect(await ended).toEqual([null, signal])
    }
  })

  it('takes a message on its terminal, and says why it does not', async () => {
    const say = { do: 'say', from: 'root', text: 'a\u001b[2J' } as const
    expect(await tellLogin({ tty: 'null', pid: 1 }, say)).toEqual({ done: true })
    expect(await tellLogin({ tty: 'none', pid: 1 }, say)).toEqual({
      refused: expect.stringContaining('ENOENT'),
    })
  })

  it('has no X display', async () => {
    expect(await tellLogin({ tty: 'null', pid: 1 }, { do: 'lock' })).toEqual({
      refused: 'it is a text session: it has no X display',
    })
  })
})
