import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpuPercent, diskRate } from '../../src/fleet/rates.ts'
import { say } from '../../src/hosts/label.ts'
import { parseDf } from '../../src/services/filesystem/parse.ts'
import { parseMonitor } from '../../src/services/ldap/parse.ts'
import { parseEvent } from '../../src/services/ldirectord/log.ts'
import { parseDomstats } from '../../src/services/libvirt/domstats.ts'
import * as libvirt from '../../src/services/libvirt/parse.ts'
import * as xen from '../../src/services/libvirt/xen/parse.ts'
import { parseDomainXml } from '../../src/services/libvirt/xml.ts'
import * as lvs from '../../src/services/lvs/parse.ts'
import * as host from '../../src/services/process/parse.ts'
import { bytes, memory, percent, span } from '../../src/text/format.ts'

const uuid = '4c4c4544-0000-2010-8020-80c04f202020'
const monitor = (text: string) =>
  parseMonitor(
    [
      { dn: 'cn=current,cn=connections,cn=monitor', values: new Map([['monitorcounter', [text]]]) },
      {
        dn: 'cn=max file descriptors,cn=connections,cn=monitor',
        values: new Map([['monitorcounter', [text]]]),
      },
    ],
    'dc=a',
  )

/** What reads numbers, each with a true text: the numbers in it become others. */
const readers: readonly (readonly [string, (text: string) => unknown, string])[] = [
  [
    'parseVitals',
    host.parseVitals,
    'cpu  1 2 3 4 5 6 7 8\ncpu0 1\n0.42 0.01 0.05 1/12 3\nMemTotal:  12 kB\nMemFree:  3 kB\n',
  ],
  ['parseNetwork', host.parseNetwork, 'nics eth0\n  eth0: 1 2 3 4 5 6 7 8  9 10 11 12 13 14 15 16'],
  [
    'parseProcesses',
    host.parseProcesses,
    'stat 12 root /proc/7/fd\nstat 0 root /proc/7\n==> /proc/7/comm <==\nslapd\n==> /proc/7/limits <==\nMax open files   12   13  files\n==> /proc/7/status <==\nThreads:\t3\nVmRSS:\t4 kB\n==> /proc/7/stat <==\n7 (slapd) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15',
  ],
  [
    'parseDf',
    (text) => parseDf(text).all,
    'Filesystem Type 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 ext4 9 4 5 45% /\n',
  ],
  [
    'parseEvent',
    (text) => parseEvent(text, 0),
    '[Sun Nov 22 06:53:31 2026|ldirectord|365] Restored real server: a (b) (Weight set to 1)',
  ],
  ['parseDomstats', parseDomstats, "Domain: 'a'\n  state.state=1\n  cpu.time=12\n  balloon.current=3\n"],
  ['parseNodeinfo', libvirt.parseNodeinfo, 'CPU(s):   4\nMemory size:  12 KiB'],
  ['parseNodeMemory', libvirt.parseNodeMemory, 'total  :  12 KiB\nfree :  3 KiB'],
  ['parseNodeCpu', libvirt.parseNodeCpu, 'user:  12\nsystem:  12\nidle:  3'],
  [
    'parseJob',
    libvirt.parseJob,
    'Job type:  Unbounded\nTime elapsed: 7 ms\nData total:  3.1 GiB\nData remaining:  3 GiB',
  ],
  ['parseMigrationProgress', libvirt.parseMigrationProgress, '\rMigration: [ 51.00 %]'],
  ['parseProcessTimes', libvirt.parseProcessTimes, `  12 root root qemu-kvm /usr/bin/qemu -uuid ${uuid} -x`],
  ['parseXlList', xen.parseXlList, `web1   3  1024   2   r-----   12.3 ${uuid}  - - `],
  ['parseXlConfigs', xen.parseXlConfigs, '[{"domid":1,"config":{"b_info":{"max_vcpus":2,"max_memkb":5}}}]'],
  [
    'parseXentop',
    xen.parseXentop,
    ' web 1 -----r   12   0.0  1024   1.0   no limit  n/a   2   1   12   12  1  0  1  1   2   3   0',
  ],
  ['parseDominfo', xen.parseDominfo, 'Id: 3\nCPU(s): 2\nUsed memory: 12 KiB\nCPU time:   12.3s'],
  ['parseDeviceStat', xen.parseDeviceStat, 'vif1.0 rx_bytes 12'],
  ['parseFreecell', xen.parseFreecell, 'Total:  12 KiB'],
  ['parseDomainXml', quietly, '<domain><name>a</name><memory>12</memory><vcpu>2</vcpu></domain>'],
  [
    'parseTable',
    lvs.parseTable,
    'TCP  10.9.0.100:389 wrr persistent 300\n  -> 10.9.0.11:389    Route   1   2   3   ',
  ],
  [
    'parseProcTable',
    (text) => lvs.parseProcTable(text, 250),
    'TCP  0A090064:0185 wrr persistent 75000 FFFFFFFF\n  -> 0A09000B:0185    Route   1   2   3   ',
  ],
  ['parseCounts', lvs.parseCounts, 'TCP  10.9.0.100:389   1   2   3   4   5\n'],
  ['parseThresholds', lvs.parseThresholds, 'TCP  10.9.0.100:389   wrr\n  -> 10.9.0.11:389   1  2  3  4 '],
  ['parseMonitor', monitor, '12'],
]

function quietly(text: string): unknown {
  try {
    return parseDomainXml(text)
  } catch {
    return undefined
  }
}

/** Every number in what a reader gives; a limit of descriptors may be none. */
function numbersIn(value: unknown, key = ''): number[] {
  if (typeof value === 'number')
    return /Limit$/.test(key) && value === Number.POSITIVE_INFINITY ? [] : [value]
  if (value instanceof Map)
    return [...value].flatMap(([name, one]) => [...numbersIn(name), ...numbersIn(one)])
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => numbersIn(one, name))
}

const odd = fc.constantFrom(
  '-5',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-1e999',
  '9'.repeat(400),
  '',
  '-0.5',
  '0',
  '0x10',
  '1.',
  '٣',
)

describe('a number that a host tells', () => {
  it.each(readers)('leaves %s finite and not negative, or not at all', (_name, read, sample) => {
    const parts = sample.split(/(\d+(?:\.\d+)?)/)
    expect(numbersIn(read(sample)).length).toBeGreaterThan(0)
    fc.assert(
      fc.property(
        fc.array(fc.option(odd, { freq: 3 }), { minLength: parts.length, maxLength: parts.length }),
        (others) => {
          const text = parts.map((part, i) => (i % 2 ? (others[i] ?? part) : part)).join('')
          for (const number of numbersIn(read(text)))
            expect(number, text).toSatisfy((n) => Number.isFinite(n) && n >= 0)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('gives no rate that is none', () => {
    const counters = (n: number) => ({ cpuNs: n, diskReadBytes: n, diskWriteBytes: n })
    for (const n of [Number.NaN, Number.POSITIVE_INFINITY, -5]) {
      expect(cpuPercent(counters(0), counters(n), 1, 1)).toBeUndefined()
      expect(diskRate(counters(0), counters(n), 1)).toBeUndefined()
    }
  })

  it('is not shown where it is none', () => {
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const format of [memory, percent, bytes, span]) expect(format(number)).toBe('-')
      expect(say`${number} of 4`).toBe('? of 4')
    }
    for (const format of [memory, percent, bytes]) expect(format(-1)).toBe('-')
  })
})
