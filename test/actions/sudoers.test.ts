import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quote } from '../../src/hosts/quote.ts'
import {
  closeChannel,
  lockChannel,
  lookAtChannel,
  raiseChannel,
  reconnectChannel,
  resizeChannel,
  sayOnChannel,
  showChannel,
} from '../../src/services/display/verbs.ts'
import { giveUp, takeOver } from '../../src/services/heartbeat/verbs.ts'
import { readSlow } from '../../src/services/keepalived/client.ts'
import {
  beginMaintenance,
  endMaintenance,
  reloadConfig,
  replaceConfig,
} from '../../src/services/ldirectord/verbs.ts'
import { xentop, xlConfigs, xlList } from '../../src/services/libvirt/xen/client.ts'
import { readLvs, readSlowFacts } from '../../src/services/lvs/client.ts'
import type { RealServer, VirtualService } from '../../src/services/lvs/facts.ts'
import { addReal, removeReal, setWeight } from '../../src/services/lvs/verbs.ts'

type Argv = readonly [string, ...string[]]

const lines = /```sudoers\n([\s\S]*?)```/.exec(readFileSync('docs/permissions.md', 'utf8'))?.[1] ?? ''

const on = { host: 'lb1', sudo: true }
const config = '/etc/ha.d/ldirectord.cf'
const directory = '/etc/ha.d/maintenance'

/** What vdd asks of ipvsadm when it only looks. */
async function looks(): Promise<Argv[]> {
  const asked: Argv[] = []
  const shell = {
    run: async (argv: Argv) => {
      asked.push(argv)
      return { code: 0, stdout: '', stderr: '' }
    },
  }
  const asking = { ...on, shell: shell as never, timeout: 1000 }
  await readLvs(asking, { limits: new Map(), counts: new Map(), sync: [] })
  await readSlowFacts(asking)
  return asked.filter(([program]) => program === 'sudo')
}

/** What vdd runs as root to see keepalived, with the signal and the pid file of Debian 12. */
async function keepalivedLooks(): Promise<Argv[]> {
  const asked: Argv[] = []
  const shell = {
    run: async (argv: Argv) => {
      asked.push(argv)
      return { code: 0, stdout: '', stderr: '' }
    },
    script: async (text: string) => {
      const script = text.replace('"$signal"', '36').replace('"$pid"', '/run/vrrp.pid')
      for (const [command] of script.matchAll(/sudo -n [^\n]*?(?= 2>)/g))
        asked.push(command.split(' ') as unknown as Argv)
      return { code: 1, stdout: '', stderr: '' }
    },
  }
  await readSlow({ ...on, shell: shell as never, timeout: 1000 })
  return asked
}

/** The person and the group that have channels here: every Debian has them. */
const person = 'games'
const channel = {
  host: 'd1',
  vdd: '/usr/local/bin/vdd',
  channel: { id: 'k7q2mz', rawUser: person, uid: 5 },
}

const services = [
  { protocol: 'TCP', id: 'TCP 10.9.0.100:389' },
  { protocol: 'UDP', id: 'UDP [fd00::100]:1812' },
  { protocol: 'SCTP', id: 'SCTP 10.9.0.100:80' },
  { protocol: 'FWM', id: 'FWM 7', mark: 7 },
  { protocol: 'FWM', id: 'FWM 7 IPv6', mark: 7, isIPv6: true },
] as unknown as VirtualService[]
const reals = [
  { id: '10.9.0.11:389', forward: 'Route', weight: 4 },
  { id: '[fd00::11]:0', forward: 'Masq', weight: 4, limits: { upper: 100, lower: 50 } },
  { id: '10.9.0.11:389', forward: 'Tunnel', weight: 4, limits: { upper: 100, lower: 0 } },
] as unknown as RealServer[]

/** Every command that vdd runs by sudo, without `sudo -n`. */
async function commands(): Promise<Argv[]> {
  const source = { path: config, text: 'old\n', addresses: new Map() }
  const steps = [
    beginMaintenance(on, directory, '10.9.0.11:389'),
    beginMaintenance(on, directory, '[fd00::11]:389'),
    beginMaintenance(on, directory, 'rs1.example.org'),
    endMaintenance(on, directory, ['10.9.0.11:389', '10.9.0.11', '[fd00::11]:389']),
    reloadConfig(on, '/run/ldirectord.ldirectord.pid'),
    ...replaceConfig(on, source, 'new\n', false),
    ...(['all', 'local', 'foreign'] as const).flatMap((which) => [takeOver(on, which), giveUp(on, which)]),
    ...services.flatMap((service) =>
      reals.flatMap((real) => [
        setWeight({ ...on, service, real }, 0),
        addReal({ ...on, service }, real),
        removeReal({ ...on, service, real }),
      ]),
    ),
  ]
  const lookedAt = [...(await looks()), ...(await keepalivedLooks())]
  const all = [...steps.flatMap(({ argv, tidy }) => [argv, ...(tidy ? [tidy] : [])]), ...lookedAt].map(
    (argv) => argv.slice(2) as unknown as Argv,
  )
  return [...all, xlList, xlConfigs, xentop]
}

/** What is run as the owners of channels, without `sudo -n -u OWNER --`. */
const told = [
  closeChannel(channel, 'asks'),
  closeChannel(channel, 'insists'),
  raiseChannel(channel),
  reconnectChannel(channel),
  resizeChannel(channel, 'full'),
  resizeChannel(channel, '1280x1024'),
  sayOnChannel(channel, 'The exam ends in 5 min - please save (--now)!'),
  lockChannel(channel),
  lookAtChannel(channel, false),
  lookAtChannel(channel, true),
  showChannel(channel, 'term7.example.org:10.0'),
  showChannel(channel, ':0'),
].map(({ argv }) => argv.slice(5) as unknown as Argv)

const shadow = '/etc/shadow'

/** What makes of a word another that nobody meant to allow, or several. */
const stretches: readonly ((word: string) => readonly string[])[] = [
  (word) => [word, shadow],
  (word) => [shadow, word],
  (word) => [word, `--output=${shadow}`],
  (word) => [`${word} ${shadow}`],
  (word) => [`${word}\n${shadow}`],
  (word) => [`${word}/../../..${shadow}`],
  () => [shadow],
  () => ['..'],
  () => [`${directory}/..`],
  (word) => [`of=b ${word}`],
  (word) => [`${word};id`],
]

/** The same command, stretched in each way once at its end and once at another place, which differs from command to command. */
function stretched(argv: Argv, nth: number): Argv[] {
  const last = argv.length - 1
  return stretches
    .flatMap((stretch, i) =>
      [last, 1 + ((i + nth) % last)].map((at) => argv.toSpliced(at, 1, ...stretch(argv[at] ?? ''))),
    )
    .filter((one) => JSON.stringify(one) !== JSON.stringify(argv)) as unknown as Argv[]
}

function lacking(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root'
  for (const program of ['sudo', 'visudo', 'unshare', 'setpriv'])
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `${program} is missing`
  if (!existsSync('/etc/sudoers')) return 'there is no /etc/sudoers'
  if (spawnSync('unshare', ['-m', '--propagation', 'private', 'true']).status !== 0)
    return 'this root may not unshare'
  return undefined
}

it('has lines in docs/permissions.md that an older sudo, which has no regular expressions, takes for plain words', () => {
  expect(lines).toContain('NOPASSWD')
  expect(lines).not.toMatch(/^(?!#).*[*?]/m)
})

const missing = lacking()

describe.skipIf(missing)(`the sudoers lines of docs/permissions.md${missing ? ` (${missing})` : ''}`, () => {
  let place: string
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'vdd-sudoers-'))
    const path = 'Defaults env_reset, secure_path="/usr/sbin:/usr/bin:/bin"\n'
    writeFileSync(
      join(place, 'sudoers'),
      path + lines.replace(/^USER\b/gm, 'nobody').replaceAll('%people', `%${person}`),
      { mode: 0o440 },
    )
    for (const program of ['ipvsadm', 'ldirectord', 'xl', 'xentop', 'vdd', 'hb_takeover', 'hb_standby'])
      writeFileSync(join(place, program), '#!/bin/sh\n', { mode: 0o755 })
  })
  afterAll(() => rmSync(place, { recursive: true }))

  /** Runs a script where only these lines count and the programs are there; nothing of this machine is changed. */
  function within(script: string): string {
    const prepare = [
      'set -e',
      `mount --bind ${place}/sudoers /etc/sudoers`,
      'mount -t tmpfs -o mode=755 none /usr/sbin',
      `cp ${place}/ipvsadm ${place}/ldirectord ${place}/xl ${place}/xentop /usr/sbin`,
      'mount -t tmpfs -o mode=755 none /usr/share',
      'mkdir /usr/share/heartbeat',
      `cp ${place}/hb_takeover ${place}/hb_standby /usr/share/heartbeat`,
      'mount -t tmpfs -o mode=755 none /usr/local/bin',
      `cp ${place}/vdd /usr/local/bin`,
      'set +e',
    ]
    const words = ['-m', '--propagation', 'private', 'sh', '-s']
    const input = [...prepare, script].join('\n')
    const { stdout, stderr, status } = spawnSync('unshare', words, {
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }

  /** Those that the user nobody may run as somebody. */
  function allowed(all: readonly Argv[], as = 'root'): Argv[] {
    const asks = all.map(
      (argv) => `sudo -n -l -U nobody -u ${as} -- ${quote(argv)} > /dev/null 2>&1; echo $?`,
    )
    const answers = within(`${asks.join('\n')}\nexit 0`)
      .trim()
      .split('\n')
    if (answers.length !== all.length) throw new Error('not every question has an answer')
    return all.filter((_, i) => answers[i] === '0')
  }

  it('are understood by visudo', () => {
    expect(spawnSync('visudo', ['-c', '-q', '-f', join(place, 'sudoers')]).status).toBe(0)
  })

  it('allow everything that vdd runs', async () => {
    const all = await commands()
    expect(allowed(all)).toEqual(all)
  })

  it('allow nothing more: no word is added, stretched, or another', async () => {
    // Of the many forms of ipvsadm a few say all there is to say.
    const some = (await commands()).filter(([program], i) => program !== 'ipvsadm' || i % 9 === 0)
    expect(allowed(some.flatMap(stretched))).toEqual([])
  }, 120_000)

  it('let the channels of people be told what vdd tells them, and nothing else', () => {
    expect(allowed(told, person)).toEqual(told)
    // What is behind `--` is a message, whatever it is.
    const isMessage = (argv: Argv) => argv[4] === 'say' && argv[5] === '--'
    const others = told.flatMap(stretched).filter((argv) => !isMessage(argv))
    expect(allowed(others, person)).toEqual([])
    for (const other of ['root', 'daemon', 'nobody']) expect(allowed(told, other), other).toEqual([])
  })

  it('give no file away that is outside of the directory', () => {
    writeFileSync(join(place, 'shadow'), 'secret')
    const asNobody = 'setpriv --reuid=65534 --regid=65534 --clear-groups sudo -n'
    const said = within(
      [
        `${asNobody} /usr/bin/rm -f -- ${directory}/x ${place}/shadow`,
        `${asNobody} /usr/bin/touch -- ${directory}/../../..${place}/made`,
        `${asNobody} /usr/bin/touch -- ${directory}/x ${place}/made`,
        `ls ${place}; exit 0`,
      ].join('\n'),
    )
    expect(said).toContain('shadow')
    expect(said).not.toContain('made')
  })
})
