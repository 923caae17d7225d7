import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventsIn, logSources } from '../../src/fleet/logs/sources.ts'
import { Checks } from '../../src/hosts/check.ts'
import type { Host } from '../../src/hosts/host.ts'
import { LocalHost } from '../../src/hosts/local.ts'
import { Shell } from '../../src/hosts/shell.ts'
import { checkLogs } from '../../src/services/logs/check.ts'
import {
  journalName,
  type LogPiece,
  type LogPlaces,
  type LogPosition,
  type LogSink,
} from '../../src/services/logs/facts.ts'
import { readJournal } from '../../src/services/logs/journald.ts'
import { watchLogs } from '../../src/services/logs/watch.ts'
import { snapshot } from '../support/records.ts'
import { until } from '../support/until.ts'

// A real systemd-journald, in a namespace where /run, /etc/systemd and /var/log are its own: it hears nothing of this machine, and nobody else hears it.
const begin = `
mount -t tmpfs none /run && mount -t tmpfs none /var/log && mkdir -p /run/systemd/journald.conf.d /run/log/journal
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\nRateLimitBurst=0\\n' > /run/systemd/journald.conf.d/lab.conf
exec /lib/systemd/systemd-journald`

let journald: ChildProcess
const inside = () => ['nsenter', `--mount=/proc/${journald.pid}/ns/mnt`, '--'] as const
const run = (...argv: string[]) => {
  const [program, ...words] = [...inside(), ...argv]
  return execFileSync(program, words, { encoding: 'utf8' })
}
const here = new LocalHost({ name: 'kl1' })
/** The host as this account sees it. */
const as = (...words: string[]) =>
  Object.assign(Object.create(here), { stream: () => here.stream([...inside(), ...words, 'sh']) }) as Host

/** Writes what a daemon says to syslog, and waits until it is in the journal. */
async function say(name: string, text: string): Promise<void> {
  const said = () =>
    run('journalctl', '-q', '-o', 'cat')
      .split('\n')
      .filter((line) => line === text).length
  const before = said()
  run('logger', '--socket', '/run/systemd/journal/dev-log', '-t', name, '--id=77', text)
  await expect.poll(said).toBe(before + 1)
}

beforeAll(async () => {
  journald = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', begin], { stdio: 'ignore' })
  await until('systemd-journald', () =>
    run('sh', '-c', 'test -S /run/systemd/journal/dev-log && ls /run/log/journal/*/system.journal'),
  )
  // As tmpfiles.d of systemd makes them: whoever is in the group may read.
  run(
    'sh',
    '-c',
    'chgrp -R systemd-journal /run/log/journal && chmod 2755 /run/log/journal /run/log/journal/*',
  )
})
afterAll(async () => {
  journald.kill('SIGTERM')
  await here.close()
})

const keepalived = logSources.find(({ source }) => source === 'keepalived')
const places = keepalived ? [{ ...keepalived, files: ['/var/log/there-is-none'] }] : []

/** A console that reads what is said: from where it has read itself, or another console. */
function consoleOf(
  host: Host,
  known: Readonly<Record<string, LogPosition | undefined>> = {},
  logs: readonly LogPlaces[] = places,
) {
  const pieces: LogPiece[] = []
  const denied: string[][] = []
  const sink: LogSink = {
    clock: () => {},
    position: (_, file) => pieces.findLast((one) => one.file === file)?.to ?? known[file],
    take: (piece) => pieces.push(piece) > 0,
    denied: (_, files) => void denied.push([...files]),
    trouble: (_, error) => void denied.push([String(error)]),
  }
  const rounds = watchLogs({ host, logs, interval: 100, sink, now: () => performance.now() })
  const lines = () => pieces.flatMap((piece) => piece.lines)
  const events = () =>
    pieces.flatMap((piece) => {
      const told = eventsIn(piece, snapshot([]))
      return told === 'later' ? [] : told.map(({ type, text }) => `${type}: ${text}`)
    })
  const files = () => [...new Set(pieces.map(({ file }) => file))]
  return { rounds, lines, events, files, denied, to: () => pieces.at(-1)?.to }
}

/** What keepalived 2.2.7 said in the lab, who said it, and what that tells: fixtures/keepalived-2.2.7. */
const recorded = readFileSync(
  resolve(import.meta.dirname, '../../fixtures/keepalived-2.2.7/kl1.syslog'),
  'utf8',
)

it('tells what syslog has told of the same words', async () => {
  const lines = recorded
    .split('\n')
    .filter((line) => /STATE$|link|^.{0,80}: Stopping$|Starting Keepalived/.test(line))
  const file = '/var/log/keepalived.log'
  const events = eventsIn({ host: 'kl1', file, lines, zone: () => 0, latest: Date.now() }, snapshot([]))
  const told = events === 'later' ? [] : events.map(({ type, text }) => `${type}: ${text}`)
  expect(told.length).toBeGreaterThan(3)
  for (const line of lines) {
    const [, name = '', text = ''] = /^\S+ \S+ (\w+)\[\d+\]: (.*)$/.exec(line) ?? []
    await say(name, text)
  }
  const read = consoleOf(as())
  read.rounds.start()
  await expect.poll(read.events).toEqual(told)
  read.rounds.stop()
})

it('is read on where another console has stopped, with what happened in between, once', async () => {
  // As keepalived 2.2.7 said it: fixtures/keepalived-2.2.7.
  await say('Keepalived_vrrp', '(VI_1) Entering MASTER STATE')
  await say('somebody', '(VI_9) Entering FAULT STATE')
  const before = Date.now()
  const first = consoleOf(as())
  first.rounds.start()
  await expect.poll(() => first.events().at(-1)).toBe('resource.started: master on kl1')
  const known = first.events().length
  await say('Keepalived_vrrp', '(VI_1) Entering BACKUP STATE')
  await expect.poll(first.events).toHaveLength(known + 1)
  first.rounds.stop()
  await say('Keepalived_vrrp', '(VI_1) Entering FAULT STATE')
  run('journalctl', '--rotate')
  await say('Keepalived', 'Stopping')
  const second = consoleOf(as(), { [journalName]: first.to() })
  second.rounds.start()
  await expect.poll(second.events).toHaveLength(2)
  expect(first.lines().join()).not.toContain('VI_9')
  expect(second.events()).toEqual([
    'failover.failed: VI_1 is in state FAULT: it takes nothing over',
    'server.stopped: keepalived stopped',
  ])
  const [line = ''] = second.lines()
  expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000 \S+ Keepalived_vrrp\[77\]: /)
  expect(Math.abs(Date.parse(`${line.slice(0, 23)}Z`) - before)).toBeLessThan(600_000)
  second.rounds.stop()
})

it('is read instead of what a syslog has left that is gone, from when that was read last', async () => {
  const stale = recorded.split('\n').slice(0, 9).join('\n')
  run('sh', '-c', 'printf %s "$1" > /var/log/syslog; touch -d "2 days ago" /var/log/syslog', 'sh', stale)
  const written = Math.floor(Date.now() / 1000) - 172_800
  const position = { inode: '7', head: 'a', headLength: 1, offset: stale.length, isInLine: false, written }
  await say('Keepalived_vrrp', '(VI_5) Entering MASTER STATE')
  const logs = keepalived ? [keepalived] : []
  const read = consoleOf(as(), { '/var/log/syslog': position }, logs)
  read.rounds.start()
  await expect.poll(() => read.events().at(-1)).toBe('resource.started: master on kl1')
  read.rounds.stop()
  expect(read.lines().at(-1)).toContain(' Keepalived_vrrp[77]: (VI_5) Entering MASTER STATE')
  expect(read.files()).toEqual([journalName])
  // A file that was written just now has told what came before.
  const later = consoleOf(
    as(),
    { '/var/log/syslog': { ...position, written: Math.floor(Date.now() / 1000) + 600 } },
    logs,
  )
  later.rounds.start()
  await expect.poll(() => later.denied).not.toEqual([])
  await say('Keepalived_vrrp', '(VI_5) Entering FAULT STATE')
  await expect.poll(() => later.denied.length).toBeGreaterThan(3)
  later.rounds.stop()
  expect(later.lines()).toEqual([])
  run('rm', '/var/log/syslog')
})

it('is asked for no more than the lines that tell something, of one who says much', async () => {
  const slapd = logSources.filter(({ source }) => source === 'slapd')
  await say('slapd', 'slapd starting')
  await say('slapd', 'conn=1000 op=0 BIND dn="cn=a,dc=x" method=128')
  await say('somebody', 'slapd starting')
  await say('slapd', 'daemon: shutdown requested and initiated.')
  const read = consoleOf(as(), {}, [...places, ...slapd])
  read.rounds.start()
  const ofSlapd = () => read.lines().filter((line) => / (?:slapd|somebody)\[/.test(line))
  await expect
    .poll(() => ofSlapd().map((line) => line.replace(/^\S+ \S+ /, '')))
    .toEqual(['slapd[77]: slapd starting', 'slapd[77]: daemon: shutdown requested and initiated.'])
  expect(read.lines().some((line) => line.includes(' Keepalived'))).toBe(true)
  read.rounds.stop()
})

it('of thousands of lines it reads all, a piece after the other', async () => {
  const shell = await Shell.open(as())
  try {
    await say('Keepalived', 'the first')
    const asking = { host: 'kl1', shell, timeout: 60_000 }
    const begun = await readJournal(asking, [{ called: ['Keepalived'] }], undefined)
    run(
      'sh',
      '-c',
      'seq 2500 | sed "s/^/line /" | logger --socket /run/systemd/journal/dev-log -t Keepalived --id=77',
    )
    await say('Keepalived', 'the last')
    const lines: string[] = []
    let to = begun?.to
    for (let pieces = 0; pieces < 9; pieces++) {
      const piece = await readJournal(asking, [{ called: ['Keepalived'] }], to)
      if (!piece) break
      lines.push(...piece.lines.map((line) => line.replace(/^.*\]: /, '')))
      to = piece.to
    }
    expect(lines).toEqual([...Array.from({ length: 2_500 }, (_, i) => `line ${i + 1}`), 'the last'])
  } finally {
    shell.close()
  }
})

it('an account that may not read it is told of, with the group that may', async () => {
  const nobody = as('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups')
  const refused = consoleOf(nobody)
  refused.rounds.start()
  await expect
    .poll(() => refused.denied.at(-1))
    .toEqual([expect.stringMatching(/^\/run\/log\/journal\/\w+\/system\.journal$/)])
  refused.rounds.stop()
  const check = async (host: Host) => {
    const shell = await Shell.open(host)
    const checks = new Checks(here)
    await checkLogs(checks, shell, places)
    shell.close()
    return checks.done
  }
  expect(await check(nobody)).toMatchObject([
    { ok: false, mend: 'adduser nobody systemd-journal, and log in anew' },
  ])
  expect(await check(as())).toMatchObject([{ ok: true, found: 'the journal of systemd (journalctl)' }])
})
