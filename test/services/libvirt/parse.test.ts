import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defined } from '../../../src/hosts/defined.ts'
import { parseDomstats, parseOwnDomstats } from '../../../src/services/libvirt/domstats.ts'
import {
  errorText,
  isUnsupported,
  isUuid,
  parseDomstate,
  parseEvent,
  parseFields,
  parseJob,
  parseLines,
  parseMigrationProgress,
  parseNames,
  parseNodeCpu,
  parseNodeinfo,
  parseNodeMemory,
  parsePoolInfo,
  parseProcessTimes,
  parseUuids,
} from '../../../src/services/libvirt/parse.ts'
import { libvirt, libvirtFiles, xen } from '../../support/fixture.ts'

/** Names that libvirt accepts (all but `/` and newline), or nearly. */
const names = [
  "it's",
  "'",
  "''",
  'Domain: ',
  "Domain: 'x'",
  'a: b',
  "x': Stopped Failed",
  '-rf',
  '--all',
  '  two blanks before',
  'blank inside',
  'state.state=1',
  '  state.state=5',
  'a=b',
  '$(reboot)',
  '\u001b[31mred\u001b[0m',
  '\u202egnp.exe',
  '東京',
  'x'.repeat(5000),
]

const uuid = 'c94c6039-6348-41a8-968a-824fd5db24dc'

describe('parseNames', () => {
  it('reads the UUID, which virsh prints first, and the name', () => {
    expect([...parseNames(libvirt('list-all-name-uuid.out'))]).toEqual([
      ['7f7efe4f-b52a-4e2b-acaa-1f8e3be40f71', 'db1'],
      ['c94c6039-6348-41a8-968a-824fd5db24dc', 'web1'],
      ['8fbc2f77-a59f-4b44-96a3-e21f9ce61e82', 'linux1'],
      ['af89a962-c70e-4905-8cb2-d7ca5c47a616', 'bad1'],
      ['c221ca21-55eb-475a-bea0-b6405f32a538', 'busy1'],
      ['db6d618b-09ae-4bba-b83e-cdb3f65603e3', 'churn'],
    ])
  })

  it.each(names)('keeps the name %j as it is', (name) => {
    expect([...parseNames(`${uuid} ${name}\n\n`)]).toEqual([[uuid, name]])
  })

  it('takes nothing out of text that is no such list', () => {
    expect(parseNames('').size).toBe(0)
    expect(parseNames('error: Disconnected\nweb1\n').size).toBe(0)
    expect(parseNames(`${uuid}\n${uuid} \n${uuid.toUpperCase()} x\n${uuid.slice(1)} web1\n`).size).toBe(0)
  })

  it('keeps a name of several lines, and has none where a line of it claims the UUID of another', () => {
    const evil = '5c0f9d0e-7a43-4c58-9a2b-51d2f3a0c701'
    const row = `${evil} busy1\nDomain: 'web1'\n`
    expect([...parseNames(`${row}${uuid} web1\n\n`)]).toEqual([
      [evil, "busy1\nDomain: 'web1'"],
      [uuid, 'web1'],
    ])
    for (const text of [`${row}${uuid} false\n${uuid} web1\n`, `${uuid} web1\n${row}${uuid} false\n`])
      expect([...parseNames(text).keys()]).toEqual([evil])
  })
})

describe('parseUuids', () => {
  it('reads one UUID a line', () => {
    expect(parseUuids(libvirt('list-all-uuid.out'))).toHaveLength(6)
    expect(parseUuids(xen('virsh/list-uuid.txt'))).toEqual(
      new Set(['00000000-0000-0000-0000-000000000000', '908c1762-a017-43bf-91bd-c7e31c23059d']),
    )
  })

  it('leaves out what is no UUID', () => {
    expect(parseUuids(`garbage\n ${uuid} \n${uuid}x\n`)).toEqual(new Set([uuid]))
    expect(isUuid(`${uuid}\n`)).toBe(false)
  })
})

describe('parseDomstate', () => {
  it('reads the state and why', () => {
    expect(parseDomstate('paused (I/O error)\n\n')).toEqual({ state: 'paused', reason: 'I/O error' })
    expect(parseDomstate('shut off (crashed)\n\n')).toEqual({ state: 'crashed', reason: 'crashed' })
    expect(parseDomstate('running\n\n')).toEqual({ state: 'running', reason: '' })
  })

  it('takes nothing out of what is no such answer', () => {
    for (const text of ['', '\n', 'on holiday\n', 'running\nrunning\n', "error: failed to get domain 'x'"])
      expect(parseDomstate(text)).toBeUndefined()
  })
})

describe('parseDomstats', () => {
  it('reads the poll of a host', () => {
    const stats = parseDomstats(libvirt('domstats-raw.out'))
    expect([...stats.keys()]).toEqual(['db1', 'churn', 'bad1', 'busy1', 'web1', 'linux1'])
    expect(stats.get('db1')).toEqual({
      state: 'running',
      reason: 'booted',
      vcpus: 2,
      vcpusMax: 2,
      memoryKiB: 262144,
      memoryMaxKiB: 262144,
      memoryUsedKiB: 179300,
      cpuNs: 1636614703,
    })
  })

  it('sums the disks and the interfaces of a machine', () => {
    const text = libvirt('domstats-raw.out')
    const [, own = ''] = text.split("Domain: 'web1'\n")
    const web1 = own.slice(0, own.indexOf('Domain:'))
    const sum = (key: RegExp) => [...web1.matchAll(key)].reduce((all, [, n]) => all + Number(n), 0)
    expect(parseDomstats(text).get('web1')).toMatchObject({
      diskReadBytes: sum(/block\.\d\.rd\.bytes=(\d+)/g),
      diskWriteBytes: sum(/block\.\d\.wr\.bytes=(\d+)/g),
      netReceivedBytes: sum(/net\.\d\.rx\.bytes=(\d+)/g),
      netSentBytes: sum(/net\.\d\.tx\.bytes=(\d+)/g),
    })
  })

  it('leaves out the counters of a machine that is off: they are those of libvirtd', () => {
    const stats = parseDomstats(libvirt('domstats-raw.out'))
    expect(stats.get('churn')).toEqual({
      state: 'shut off',
      reason: 'unknown',
      vcpus: 1,
      vcpusMax: 1,
      memoryKiB: 131072,
      memoryMaxKiB: 131072,
    })
    expect(stats.get('bad1')).toMatchObject({ state: 'shut off', reason: 'failed' })
    expect(parseDomstats(libvirt('domstats-source-during-migration.txt')).get('db1')).not.toHaveProperty(
      'cpuNs',
    )
  })

  it('tells source and target of a migration apart', () => {
    expect(parseDomstats(libvirt('domstats-source-during-migration.txt')).get('db1')).toMatchObject({
      state: 'shut off',
      reason: 'migrated',
    })
    expect(parseDomstats(libvirt('domstats-target-during-migration.txt')).get('db1')).toMatchObject({
      state: 'running',
      reason: 'migrated',
      cpuNs: 772890817,
    })
  })

  it('calls a machine whose process was killed crashed', () => {
    expect(parseDomstats(libvirt('domstate-crashed.txt')).get('web1')).toEqual({
      state: 'crashed',
      reason: 'crashed',
    })
  })

  it('takes what the guest says it uses before what its process holds', () => {
    const used = (...lines: string[]) =>
      parseDomstats(
        `Domain: 'a'\n  state.state=1\n${lines.map((line) => `  balloon.${line}\n`).join('')}`,
      ).get('a')?.memoryUsedKiB
    expect(used('rss=500', 'available=1000', 'usable=400', 'unused=100')).toBe(600)
    expect(used('rss=500', 'available=1000', 'unused=100')).toBe(900)
    expect(used('rss=500', 'available=1000')).toBe(500)
    expect(used('available=100', 'usable=400')).toBe(0)
    expect(used()).toBeUndefined()
  })

  it.each(names)('keeps the name %j, and the machine after it', (name) => {
    const text = `Domain: '${name}'\n  state.state=1\n  cpu.time=5\n\nDomain: 'next'\n  state.state=3\n`
    const stats = parseDomstats(text)
    expect([...stats.keys()]).toEqual([name, 'next'])
    expect(stats.get(name)).toMatchObject({ state: 'running', cpuNs: 5 })
    expect(stats.get('next')).toMatchObject({ state: 'paused' })
  })

  it('leaves out a machine whose paragraph has no state', () => {
    expect(parseDomstats("Domain: 'a'\n  cpu.time=1\n\nDomain: 'b'\n  state.state=1\n").size).toBe(1)
    expect(parseDomstats("Domain: 'a'\n  state.state=").size).toBe(0)
  })

  it('takes a machine for one up to the next, whatever stands between its values', () => {
    const text =
      "Domain: 'a'\n\nnoise\n  noise\n   \n  =\n  state.state=1\n  block.0.rd.bytes=1\n\n  net.1.rx.bytes=2"
    expect(parseDomstats(text)).toEqual(
      new Map([['a', { state: 'running', reason: 'unknown', diskReadBytes: 1, netReceivedBytes: 2 }]]),
    )
    expect(parseDomstats('  state.state=1\n').size).toBe(0)
    expect(parseDomstats("\nDomain: 'a'\n  state.state=1").size).toBe(1)
  })

  it('leaves out values that are no numbers, and keeps huge ones', () => {
    const stats = parseDomstats(
      "Domain: 'a'\n  state.state=1\n  cpu.time=18446744073709551615\n  balloon.current=lots\n  vcpu.current=\n  balloon.maximum=1e999\n  net.0.rx.bytes=x\n",
    )
    expect(stats.get('a')).toEqual({ state: 'running', reason: 'unknown', cpuNs: 2 ** 64 })
  })

  it('shows a state or reason of a newer libvirt by its number', () => {
    const stats = parseDomstats(
      "Domain: 'a'\n  state.state=1\n  state.reason=99\n\nDomain: 'b'\n  state.state=42\n",
    )
    expect(stats.get('a')).toEqual({ state: 'running', reason: 'reason 99' })
    expect(stats.get('b')?.state).toBe('no state')
  })

  it('reads any text without a throw, and any cut of a true answer as machines of that answer', () => {
    const whole = libvirt('domstats-raw.out')
    const all = new Set(parseDomstats(whole).keys())
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        for (const [name, { state }] of parseDomstats(whole.slice(0, length))) {
          expect(all.has(name)).toBe(true)
          expect(['running', 'shut off']).toContain(state)
        }
      }),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseDomstats(text)))
  })
})

describe('parseFields and what is made of them', () => {
  it('reads CPUs and memory of a host', () => {
    expect(parseNodeinfo(libvirt('nodeinfo.out'))).toEqual({ cpus: 2, memoryKiB: 9529556 })
    expect(parseNodeinfo(xen('virsh/nodeinfo.txt'))).toEqual({ cpus: 2, memoryKiB: 2096624 })
    expect(parseNodeMemory(libvirt('nodememstats.out'))).toEqual({
      memoryKiB: 24684092,
      memoryFreeKiB: 19818644 + 11748 + 1529772,
    })
    expect(parseNodeCpu(libvirt('nodecpustats.out'))).toEqual({
      busyNs: 622180000000 + 255610000000,
      totalNs: 622180000000 + 255610000000 + 1457950000000 + 9280000000,
    })
  })

  it('knows nothing of a host whose answer is empty or cut', () => {
    expect(parseNodeinfo('')).toEqual({})
    expect(parseNodeinfo('CPU(s):   many\nMemory size:')).toEqual({})
    expect(parseNodeMemory('total  : 100 KiB\n')).toEqual({})
    expect(parseNodeCpu('user:  1\nsystem: 2\n')).toBeUndefined()
  })

  it('never tells of more free memory than there is', () => {
    expect(parseNodeMemory('total: 100 KiB\nfree: 90 KiB\ncached: 50 KiB\n')).toEqual({
      memoryKiB: 100,
      memoryFreeKiB: 100,
    })
  })

  it('takes the first colon for the end of the key', () => {
    expect(parseFields('a b :  c: d\n: x\nnothing\n')).toEqual(new Map([['a b', 'c: d']]))
  })

  it('leaves out what has no value', () => {
    expect(defined({ a: 1, b: undefined, c: 0, d: '' })).toEqual({ a: 1, c: 0, d: '' })
  })
})

describe('parsePoolInfo', () => {
  const info = (capacity: string, available: string) =>
    parsePoolInfo(
      `Name:           default\nCapacity:       ${capacity}\nAllocation:     1\nAvailable:      ${available}\n`,
    )

  it.each([
    ['100', '40', { capacity: 100, available: 40 }],
    ['100', '0', { capacity: 100, available: 0 }],
    ['100', '140', { capacity: 100, available: 100 }],
    ['0', '0', undefined],
    ['-100', '-200', undefined],
    ['100', '-1', undefined],
    ['100', '-', undefined],
    ['-', '40', undefined],
  ])('of %s, of which %s are free', (capacity, available, size) => {
    expect(info(capacity, available)).toEqual(size)
  })

  it('tells no size where there is none', () => {
    expect(parsePoolInfo('Name: default\n')).toBeUndefined()
    expect(parsePoolInfo('Capacity: 100\n')).toBeUndefined()
  })
})

describe('parseJob', () => {
  it('reads how far a migration is', () => {
    expect(parseJob(libvirt('domjobinfo-migrating.txt').split(/^\d\d:.*$/m)[1] ?? '')).toEqual({
      operation: 'outgoing migration',
      elapsedMs: 764,
      percent: 2,
    })
    expect(parseJob(libvirt('domjobinfo-nonconverging.txt'))).toEqual({
      operation: 'outgoing migration',
      elapsedMs: 3070,
      percent: 85,
    })
  })

  it.each([
    ['no job', libvirt('domjobinfo-none.out')],
    ['the target afterwards', libvirt('domjobinfo-target.txt')],
    ['a job that has ended', libvirt('domjobinfo-completed-source.txt')],
    ['Xen', xen('virsh/domjobinfo.txt')],
    ['nothing', ''],
    ['garbage', '\u0000\u001b[2J:::\n'],
  ])('sees no job in the answer of %s', (_what, text) => {
    expect(parseJob(text)).toBeUndefined()
  })

  it('does not know how far a job without sizes is', () => {
    expect(parseJob('Job type: Unbounded\n')).toEqual({ operation: 'unbounded' })
    expect(parseJob('Job type: Unbounded\nData total: 0.000 B\nData remaining: 0.000 B\n')).toEqual({
      operation: 'unbounded',
    })
  })

  it.each([
    ['200 B', '50 B', 75],
    ['200', '50', 75],
    ['1.000  KiB', '256 B', 75],
    ['1 MiB', '512 KiB', 50],
    ['1 GiB', '256 MiB', 75],
    ['1 TiB', '512 GiB', 50],
    ['200 PiB', '50 PiB', 75],
    ['1 KiB', '0 B', 100],
    ['0 B', '0 B', undefined],
    ['much', '1 B', undefined],
  ])('reads how much of %s is left by %s', (total, remaining, percent) => {
    const text = `Job type: Unbounded\nData total: ${total}\nData remaining: ${remaining}\n`
    expect(parseJob(text)).toEqual({ operation: 'unbounded', ...(percent === undefined ? {} : { percent }) })
  })

  it('keeps to 0 and 100 whatever the sizes say', () => {
    const percent = (remaining: string) =>
      parseJob(`Job type: Unbounded\nData total: 1.000 GiB\nData remaining: ${remaining}\n`)?.percent
    expect(percent('512.000 MiB')).toBe(50)
    expect(percent('3.000 TiB')).toBe(0)
    expect(percent('-5.000 MiB')).toBe(100)
  })

  it('makes the name of the operation printable', () => {
    expect(parseJob('Job type: Unbounded\nOperation: \u001b[2Jx\n')?.operation).toBe('\\e[2jx')
  })
})

describe('parseMigrationProgress', () => {
  /** What a console would have shown, piece by piece. */
  const shown = (text: string) => text.split(/(?=\r)/).flatMap((piece) => parseMigrationProgress(piece) ?? [])

  it('reads the pieces in order', () => {
    const all = shown(libvirt('migrate-verbose.progress.err'))
    expect(all.slice(0, 3)).toEqual([5, 9, 14])
    expect(all.at(-1)).toBe(100)
    expect(shown(libvirt('migrate-copy-storage.progress.txt'))).toEqual([22, 67, 89, 100])
    expect(parseMigrationProgress(xen('migration/virsh-migrate-live.err.txt'))).toBe(100)
  })

  it('follows a migration that loses ground', () => {
    const all = shown(libvirt('migrate-nonconverging.progress.err'))
    expect(all).toEqual(expect.arrayContaining([94, 86, 77, 89, 82, 93]))
    expect(all.some((percent, i) => percent < (all[i - 1] ?? 0))).toBe(true)
  })

  it('takes the last of several, and nothing from other text', () => {
    expect(parseMigrationProgress('\rMigration: [  1 %]\rMigration: [ 51.3 %]\rMigra')).toBe(51.3)
    expect(parseMigrationProgress('error: no')).toBeUndefined()
    expect(parseMigrationProgress('')).toBeUndefined()
  })
})

describe('parseEvent', () => {
  it.each(['events-a.txt', 'events-b.txt'])(
    'reads every event of %s, and no line that only explains',
    (file) => {
      for (const line of libvirt(file).split('\n')) {
        const event = parseEvent(line)
        if (!/^\d{4}-/.test(line)) expect(event).toBeUndefined()
        else {
          expect(event?.name).toMatch(/^(busy1|db1|web1|web2|churn|linux1|bad1|tick1|desk1|store1)$/)
          expect(line).toContain(`event '${event?.kind}' for domain '${event?.name}'`)
          expect(line.endsWith(event?.detail ?? '?')).toBe(true)
        }
      }
    },
  )

  it.each([
    ["event 'lifecycle' for domain 'busy1': Started Booted", 'lifecycle', 'busy1', 'Started Booted'],
    [
      "event 'migration-iteration' for domain 'db1': iteration: '2'",
      'migration-iteration',
      'db1',
      "iteration: '2'",
    ],
    ["event 'job-completed' for domain 'db1':", 'job-completed', 'db1', ''],
    ["event 'control-error' for domain 'web2'", 'control-error', 'web2', ''],
    // the first line of a name with line breaks
    ["event 'lifecycle' for domain 'web", 'lifecycle', 'web', ''],
    [
      "event 'agent-lifecycle' for domain 'a': state: 'x' reason: 'y'",
      'agent-lifecycle',
      'a',
      "state: 'x' reason: 'y'",
    ],
    // virsh of before 2021
    ["event 'lifecycle' for domain a: b: Started Booted", 'lifecycle', 'a: b', 'Started Booted'],
    [
      "event 'migration-iteration' for domain db1: iteration: '2'",
      'migration-iteration',
      'db1',
      "iteration: '2'",
    ],
    ["event 'job-completed' for domain db1:", 'job-completed', 'db1', ''],
    ["event 'control-error' for domain it's", 'control-error', "it's", ''],
  ])('reads %j', (line, kind, name, detail) => {
    expect(parseEvent(line)).toEqual({ kind, name, detail })
    expect(parseEvent(`2026-11-22 06:48:39.396+0000: ${line}`)).toEqual({ kind, name, detail })
  })

  it('reads the events of Xen', () => {
    const lines = (text: string) => text.split('\n').filter(Boolean)
    for (const file of [
      'lifecycle/events.txt',
      'migration/events-source.txt',
      'migration/events-destination.txt',
    ])
      for (const line of lines(xen(file))) expect(parseEvent(line)?.kind).toBe('lifecycle')
  })

  it.each(["it's", "'", 'a: b', "x': Stopped Failed", '-rf', ' x ', '\u001b[31m', "Domain: 'x'"])(
    'keeps the name %j of a machine apart from what happened',
    (name) => {
      expect(parseEvent(`event 'lifecycle' for domain '${name}': Stopped Failed`)).toMatchObject({
        name,
        detail: 'Stopped Failed',
      })
    },
  )

  it.each([
    '',
    'events received: 3',
    '\toperation: 5',
    "event 'x",
    "y': Stopped Failed",
    'garbage\u0000',
    "event 'Life' for domain 'a'",
  ])('sees no event in %j', (line) => {
    expect(parseEvent(line)).toBeUndefined()
  })

  it('answers a long hostile line without delay', () => {
    const line = `event 'lifecycle' for domain '${"': '".repeat(1_000)}`
    const began = performance.now()
    parseEvent(line)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

describe('errorText', () => {
  it.each([
    ['err-bad-command.err', "unknown command: 'frobnicate'"],
    ['err-bad-option.err', "command 'start' doesn't support option --frob"],
    ['err-console-nodomain.err', "failed to get domain 'nosuchdomain'"],
    ['err-console-notty.err', 'Cannot run interactive console without a controlling TTY'],
    ['err-destroy-off.err', 'Requested operation is not valid: domain is not running'],
    ['err-migrate-off.err', 'Requested operation is not valid: domain is not running'],
    [
      'err-migrate-refused-port.err',
      'Cannot recv data: ssh: connect to host 10.77.0.2 port 2222: Connection refused: Connection reset by peer',
    ],
    [
      'err-migrate-self.err',
      'internal error: Attempt to migrate guest to the same host bbfcb967-e7db-4805-bc90-2a42c33ea502',
    ],
    [
      'err-migrate-unreachable-ssh.err',
      'Cannot recv data: ssh: connect to host 10.77.0.99 port 22: No route to host: Connection reset by peer',
    ],
    [
      'err-nosock.err',
      "failed to connect to the hypervisor; Failed to connect socket to '/run/nope.sock': No such file or directory",
    ],
    ['err-resume-running.err', 'Requested operation is not valid: domain is already running'],
    ['err-shutdown-off.err', 'Requested operation is not valid: domain is not running'],
    [
      'err-start-badkernel.err',
      "internal error: process exited while connecting to monitor: qemu: could not open kernel file '/var/lib/vdd-lab/guest/nosuch.elf': No such file or directory",
    ],
    ['err-start-running.err', 'Domain is already active'],
    ['err-suspend-off.err', 'Requested operation is not valid: domain is not running'],
    ['err-unknown-domain.err', "failed to get domain 'nosuchdomain'"],
    ['err-unknown-dominfo.err', "failed to get domain 'nosuchdomain'"],
    [
      'err-unreachable.err',
      'failed to connect to the hypervisor; Cannot recv data: ssh: connect to host 10.77.0.99 port 22: No route to host: Connection reset by peer',
    ],
  ])('says what %s says', (file, text) => {
    expect(errorText(libvirt(file))).toBe(text)
  })

  it('is tested on every refusal that was recorded', () => {
    expect(libvirtFiles(/^err-.*\.err$/)).toHaveLength(18)
  })

  it('finds the reason behind the progress of a migration', () => {
    expect(errorText(libvirt('migrate-aborted.progress.err'))).toBe(
      "operation aborted: job 'migration out' canceled by client",
    )
    expect(errorText(xen('migration/virsh-migrate-live-pv.err.txt'))).toBe(
      'internal error: Failed to send migration data to destination host',
    )
  })

  it('leaves out what only repeats the command, also where virsh broke the line', () => {
    expect(errorText(libvirt('err-suspend-during-migration.txt'))).toBe(
      'Requested operation is not valid: domain is not running',
    )
  })

  it('leaves out only what stands at the beginning of a line', () => {
    expect(errorText('see error: here\nso Migration: [ 5 %] it\nhe Failed to start domain x\n')).toBe(
      'see error: here; so Migration: [ 5 %] it; he Failed to start domain x',
    )
    expect(errorText("Failed to start domain 'x'\nFailed to stand\rMigration: [ 5 %]  error: why")).toBe(
      'Failed to stand; error: why',
    )
  })

  it('reads only the end of what is very long', () => {
    expect(errorText(`error: ${'begin '.repeat(5000)}\nerror: the end\n`).length).toBeLessThanOrEqual(16_500)
    expect(errorText(`error: first\n${'\n'.repeat(20_000)}error: last`)).toBe('last')
  })

  it('says that nothing was said', () => {
    for (const silence of ['', '\n', 'error: \n', '\rMigration: [ 12 %]']) {
      expect(errorText(silence)).toBe('virsh failed without a word')
    }
  })

  it('makes hostile text printable and one line', () => {
    expect(errorText("error: failed to get domain '\u001b[2J\u202ex'\nerror: \u0007bell\n")).toBe(
      "failed to get domain '\\e[2J\\u{202e}x'; \\x07bell",
    )
  })

  it('knows a function that a driver does not have from a failure', () => {
    expect(isUnsupported(xen('errors/domstats.err.txt'))).toBe(true)
    expect(isUnsupported(xen('errors/nodecpustats.err.txt'))).toBe(true)
    expect(isUnsupported(xen('errors/no-such-domain.err.txt'))).toBe(false)
    for (const file of libvirtFiles(/^err-.*\.err$/)) expect(isUnsupported(libvirt(file))).toBe(false)
  })
})

describe('parseLines and parseProcessTimes', () => {
  it('keep nothing of the command lines but the UUIDs: those of a hundred machines are megabytes of each host', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc')
    const uuid = '11111111-2222-4333-8444-555555555555'
    const devices = '-device virtio-net-pci '.repeat(40_000)
    const answer = Buffer.from(` 93 qemu qemu qemu-kvm /usr/libexec/qemu-kvm -uuid ${uuid} ${devices}\n`)
    collect()
    const before = process.memoryUsage().heapUsed
    const kept = Array.from({ length: 30 }, () => parseProcessTimes(answer.toString()))
    collect()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(answer.length * 5)
    expect(kept.map((one) => one.get(uuid))).toEqual(kept.map(() => 93))
  })

  it('reads one name a line', () => {
    expect(parseLines('default\n lan \n\n')).toEqual(['default', 'lan'])
    expect(parseLines('\n')).toEqual([])
  })

  it('finds the machines among the processes by the UUID on their command line', () => {
    const ps = [
      `   93 libvirt-qemu         libvirt-qemu         qemu-system-x86 /usr/bin/qemu-system-x86_64 -name guest=web1,debug-threads=on -uuid ${uuid} -S`,
      '12345 root                 root                 sshd            /usr/sbin/sshd -D',
      `    1 root                 root                 grep            grep -uuid ${uuid}`,
      ` bad  root                 root                 qemu-kvm        qemu -uuid ${uuid}`,
      '',
    ].join('\n')
    expect([...parseProcessTimes(ps)]).toEqual([[uuid, 93]])
    expect(parseProcessTimes('').size).toBe(0)
  })

  const line = (seconds: number, owner: string, program: string, args: string, real = owner) =>
    `${seconds} ${owner} ${real} ${program} ${args}\n`
  const qemu = (seconds: number, owner: string, id: string, name = 'web1') =>
    line(seconds, owner, 'qemu-system-x86', `/usr/bin/qemu-system-x86_64 -name guest=${name} -uuid ${id} -S`)
  const other = uuid.replace(/^./, 'f')

  it.each([
    ['a process of another user', qemu(1, 'eve', uuid)],
    [
      'a program of root that waits for a password',
      line(1, 'root', 'sudo', `/usr/bin/qemu-kvm -uuid ${uuid} x`),
    ],
    ['a link to it that is called as QEMU is', line(1, 'root', 'qemu-kvm', `qemu-kvm -uuid ${uuid} x`)],
    ['a setuid program', line(1, 'qemu', 'qemu-kvm', `qemu-kvm -uuid ${uuid} x`, 'eve')],
    ['the name of another machine', qemu(1, 'qemu', other, `x -uuid ${uuid} -display none`)],
    ['a program whose name has blanks', line(1, 'eve', `eve qemu 1 qemu qemu qemu`, `qemu -uuid ${uuid} `)],
  ])('lets nothing be told of a machine by %s', (_, forged) => {
    const own = qemu(93, 'qemu', uuid)
    for (const ps of [own + forged, forged + own]) expect([...parseProcessTimes(ps)]).toEqual([[uuid, 93]])
  })

  it('takes another owner of QEMU where it is the only one, and nobody where there are two', () => {
    expect([...parseProcessTimes(qemu(93, 'vms', uuid))]).toEqual([[uuid, 93]])
    expect(parseProcessTimes(qemu(93, 'vms', uuid) + qemu(1, 'eve', uuid)).size).toBe(0)
    expect(parseProcessTimes(qemu(93, 'vms', uuid), false).size).toBe(0)
    expect([...parseProcessTimes(qemu(1, 'root', uuid) + qemu(93, 'root', uuid))]).toEqual([[uuid, 1]])
  })
})

it('parseDomstats believes neither of two paragraphs that claim one name: free text can forge one, a host has no two', () => {
  const forged =
    "Domain: 'evil'\n  state.state=5\n  block.0.path=/x\nDomain: 'db1'\n  state.state=6\n\nDomain: 'db1'\n  state.state=1\n\n"
  expect(parseDomstats(forged).has('db1')).toBe(false)
})

it('parseOwnDomstats takes all of an answer about one machine for that machine, whatever names stand in it', () => {
  const answer =
    "Domain: 'evil\nDomain: 'web1'\n  state.state=1\n  net.0.name=v\nDomain: 'web1'\n  net.0.rx.bytes=7\n\n"
  expect(parseOwnDomstats(answer)).toMatchObject({ state: 'running', netReceivedBytes: 7 })
})
