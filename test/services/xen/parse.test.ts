import { describe, expect, it } from 'vitest'
import { isUnsupported, longestRow, parseDomstate } from '../../../src/services/libvirt/parse.ts'
import {
  parseDeviceStat,
  parseDisks,
  parseDominfo,
  parseFreecell,
  parseInterfaces,
  parseXentop,
  parseXlConfigs,
  parseXlList,
} from '../../../src/services/libvirt/xen/parse.ts'
import { xen } from '../../support/fixture.ts'
import { pv1, pv2, row, samples, verbose } from './recorded.ts'

const brief = (text: string) => parseXlList(text).map((d) => `${d.name} ${d.id} ${d.vcpus} ${d.letters}`)

describe('xl list -v', () => {
  it('gives id, UUID, letters, memory and tenths of CPU seconds', () => {
    expect(parseXlList(xen('xl/list-verbose.txt')).slice(1)).toEqual([
      { name: 'pv1', id: 1, uuid: pv1, memoryKiB: 98304, vcpus: 1, letters: '-b----', cpuNs: 20.1e9 },
      { name: 'pv2', id: 2, uuid: pv2, memoryKiB: 98304, vcpus: 1, letters: '-b----', cpuNs: 13.1e9 },
    ])
  })

  it('takes nothing from a list without UUIDs, which is not what was asked for', () => {
    expect(parseXlList(xen('xl/list.txt'))).toEqual([])
  })

  it.each([
    ['lifecycle/xl-list-paused.txt', 'pv2 2 1 --p---'],
    ['lifecycle/xl-list-reboot-pending.txt', 'pv2 2 1 --psr-'],
    ['lifecycle/xl-list-crashed-not-yet-gone.txt', 'pv1 6 1 --psc-'],
    ['lifecycle/xl-list-shut-down-not-yet-gone.txt', 'pv1 5 1 --ps--'],
    ['lifecycle/xl-list-null-row.txt', '(null) 1 0 --p---'],
    ['migration/xl-list-domain-stuck-after-failed-migration.txt', 'pv2 12 1 ---sr-'],
    ['migration/xl-list-came-back-behind-libvirt.txt', 'pvh2 3 1 -b----'],
  ])('reads the row of %s', (file, last) => {
    expect(brief(verbose(xen(file))).at(-1)).toBe(last)
  })

  it('reads a machine while it is created: first no VCPU, then paused', () => {
    const rows = samples('lifecycle/xl-list-while-creating.txt').map((text) => brief(verbose(text))[1])
    expect(rows.slice(0, 3)).toEqual([undefined, 'pv1 7 0 --p---', 'pv1 7 1 --p---'])
  })

  it('reads both rows of a migration to the same host', () => {
    const last = samples('migration/xl-list-while-migrating-pvh.txt')
      .map((text) => brief(verbose(text)))
      .at(-1)
    expect(last?.slice(1)).toEqual(['pvh1 1 1 ---ss-', 'pvh1--incoming 2 1 --p---'])
  })

  it('reads a machine that is runnable but on no CPU, and names with blanks and numbers in them', () => {
    const name = 'two  words 1 96 1'
    expect(brief(row(name, 4, 2, '------', 1.5, pv1))).toEqual([`${name} 4 2 ------`])
  })

  it('takes nothing from a row without a UUID in its place, or from one that is too long', () => {
    const named = (length: number) => row('x'.repeat(length), 4, 2, '-b----', 1.5, pv1)
    const rest = named(40).length - 40
    expect(parseXlList(named(longestRow - rest))).toHaveLength(1)
    expect(parseXlList(named(longestRow - rest + 1))).toEqual([])
    expect(parseXlList(row('pv1', 4, 2, '-b----', 1.5, '0'.repeat(36)))).toEqual([])
  })

  it('takes nothing from an error', () => {
    expect(parseXlList(xen('errors/xl-not-root.err.txt'))).toEqual([])
  })
})

describe('xl list -l', () => {
  it('gives configurations by the outer domid, with the type in the words of libvirt', () => {
    const configs = parseXlConfigs(xen('xl/list-long.txt'))
    expect([...configs.keys()]).toEqual([0, 1, 2])
    expect(configs.get(1)).toEqual({ osType: 'linux', vcpusMax: 1, memoryMaxKiB: 98304, hasDisks: true })
    expect(configs.get(0)).toEqual({ osType: 'linux', memoryMaxKiB: 655360, hasDisks: false })
  })

  it('reads "True" and "False", which are texts, for what they say', () => {
    const withDisk = (readwrite: unknown) =>
      parseXlConfigs(JSON.stringify([{ domid: 3, config: { c_info: {}, disks: [{ readwrite }] } }])).get(3)
    for (const yes of ['True', true, 1]) expect(withDisk(yes)?.hasDisks).toBe(true)
    expect(withDisk('False')?.hasDisks).toBe(false)
    expect(withDisk(0)?.hasDisks).toBe(false)
  })

  it.each(['', 'cannot init xl context', 'null', '{"domid": 1}', '[null, {"domid": "1"}]'])(
    'takes nothing from %j',
    (text) => {
      expect(parseXlConfigs(text).size).toBe(0)
    },
  )
})

describe('xentop', () => {
  const [heading = '', , first = ''] = xen('xl/xentop-1-sample.txt').split('\n')

  it('gives the numbers of each domain, as the guest sees its network', () => {
    const sample = parseXentop(xen('xl/xentop-1-sample.txt'))
    expect([...sample.keys()]).toEqual(['Domain-0', 'pv1', 'pv2'])
    expect(sample.get('pv1')).toEqual({
      name: 'pv1',
      cpuNs: 20e9,
      memoryKiB: 98304,
      vcpus: 1,
      netReceivedBytes: 2048,
      netSentBytes: 0,
      diskReadBytes: 24 * 512,
      diskWriteBytes: 0,
    })
  })

  it('counts what goes out of the guest in KiB, and what it writes in sectors', () => {
    const words = first.split(/( +)/)
    // Received by dom0, and written sectors, from the right.
    words.splice(-15, 1, '7')
    words.splice(-3, 1, '5')
    expect([...parseXentop(`${heading}\n${words.join('')}\n`).values()]).toMatchObject([
      { netSentBytes: 7 * 1024, diskWriteBytes: 5 * 512 },
    ])
  })

  it('takes nothing from a row that is too long', () => {
    const name = (length: number) => ` ${'x'.repeat(length)} ${first.trimStart().split(/ (.*)/)[1]}`
    const fits = longestRow - name(0).length
    expect(parseXentop(name(fits)).size).toBe(1)
    expect(parseXentop(name(fits + 1)).size).toBe(0)
  })

  it('does not take a name for a heading', () => {
    const other = first.replace('       pv1', 'a NAME STATE b')
    expect(parseXentop(`${heading}\n${first}\n${other}\n`).size).toBe(2)
  })

  it('takes the last of two samples', () => {
    const text = xen('xl/xentop-2-samples-full-names.txt').replace(/(.*)240( {4}9\.2)/s, '$1251$2')
    expect(parseXentop(text).get('Domain-0')?.cpuNs).toBe(251e9)
    expect(parseXentop(text).size).toBe(3)
  })

  it('forgets a domain that is only in the first of two samples', () => {
    expect([...parseXentop(`${heading}\n${first}\n${heading}\n`).keys()]).toEqual([])
  })

  it('tells nothing of two rows with one name, as while a domain is rebooted', () => {
    const other = first.replace(' 98304 ', '   512 ')
    expect([...parseXentop(`${heading}\n${first}\n${other}\n`).keys()]).toEqual([])
  })

  it('skips the lines of VCPUs, networks and disks', () => {
    expect([...parseXentop(xen('xl/xentop-networks-vbds-vcpus.txt')).keys()]).toEqual([
      'Domain-0',
      'pv1',
      'pv2',
    ])
  })

  it('reads a name with blanks and a maximum of "no limit"', () => {
    const line = first
      .replace('       pv1', "Bob's  desk --b--- 3")
      .replace('99328       4.7', ' no limit       n/a')
    expect(parseXentop(`${heading}\n${line}\n`).get("Bob's  desk --b--- 3")?.memoryKiB).toBe(98304)
  })

  it('takes nothing from an error', () => {
    expect(parseXentop(xen('errors/xentop-not-root.err.txt')).size).toBe(0)
  })
})

describe('virsh on Xen', () => {
  it.each(['domstats', 'nodecpustats', 'nodememstats'])('knows that %s is not supported', (command) => {
    expect(isUnsupported(xen(`errors/${command}.err.txt`))).toBe(true)
  })

  it('does not take a missing machine or a missing right for a missing function', () => {
    expect(isUnsupported(xen('errors/xl-domain-unknown-to-libvirt.err.txt'))).toBe(false)
    expect(isUnsupported(xen('errors/virsh-not-root.err.txt'))).toBe(false)
  })

  it.each([
    ['virsh/domstate.txt', 'running', 'booted'],
    ['lifecycle/virsh-domstate-paused.txt', 'paused', 'user'],
    ['lifecycle/virsh-domstate-off.txt', 'shut off', 'shutdown'],
    ['lifecycle/virsh-domstate-destroyed.txt', 'shut off', 'destroyed'],
  ])('reads %s', (file, state, reason) => {
    expect(parseDomstate(xen(file))).toEqual({ state, reason })
  })

  it('calls a machine that crashed crashed', () => {
    expect(parseDomstate('shut off (crashed)\n\n')).toEqual({ state: 'crashed', reason: 'crashed' })
    expect(parseDomstate('')).toBeUndefined()
  })

  it('reads the numbers of one machine', () => {
    const numbers = { id: 2, vcpus: 1, memoryKiB: 98304, cpuNs: 15.8e9 }
    expect(parseDominfo(xen('virsh/dominfo.txt'))).toEqual(numbers)
    expect(parseDominfo(xen('migration/virsh-dominfo-destination-after.txt')).memoryKiB).toBe(98368)
    expect(parseInterfaces(xen('virsh/domiflist.txt'))).toEqual(['vif2.0'])
    expect(parseDisks(xen('virsh/domblklist.txt'))).toEqual(['xvda'])
    expect(parseDeviceStat(xen('virsh/domifstat.txt')).get('rx_bytes')).toBe(1146)
    expect(parseDeviceStat(xen('virsh/domblkstat.txt')).get('rd_bytes')).toBe(12288)
  })

  it('leaves out interfaces without a name on the host, and drives', () => {
    const interfaces = xen('virsh/domiflist.txt').replace(
      /^ vif.*\n/m,
      '$& -  bridge   xenbr0   -  00:16:3e:00:00:03\n',
    )
    expect(parseInterfaces(interfaces)).toEqual(['vif2.0'])
    const disks = xen('virsh/domblklist.txt').replace(/^ block.*\n/m, '$& file    cdrom    hdc      -\n')
    expect(parseDisks(disks)).toEqual(['xvda'])
  })

  it('finds nothing where there is no table and no number', () => {
    for (const text of ['', 'error --\nblock disk vda\n', '--- error\nblock disk vda\n']) {
      expect(parseInterfaces(text)).toEqual([])
      expect(parseDisks(text)).toEqual([])
    }
    expect(parseDeviceStat('error: vif2.0 rx_bytes 1\nvif2.0 rx_bytes 1 2\n\n').size).toBe(0)
  })

  it('reads the free memory of the host: what xl info calls free_memory', () => {
    const mebibytes = /free_memory +: (\d+)/.exec(xen('xl/info.txt'))?.[1]
    expect(Math.floor((parseFreecell(xen('virsh/freecell.txt')) ?? 0) / 1024)).toBe(Number(mebibytes))
  })
})
