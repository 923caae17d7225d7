import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  domainXml,
  domainXmlSteps,
  escapeXml,
  type OsEntry,
  osEntries,
  parseDomainXml,
} from '../../../src/services/libvirt/xml.ts'
import { libvirt, xen } from '../../support/fixture.ts'

describe('parseDomainXml', () => {
  it('reads a running machine with its disks, network and display', () => {
    expect(parseDomainXml(libvirt('dumpxml-web1.out'))).toEqual({
      uuid: 'c94c6039-6348-41a8-968a-824fd5db24dc',
      name: 'web1',
      osType: 'hvm',
      vcpus: 1,
      vcpusAtStart: 1,
      memoryKiB: 65536,
      memoryAtStartKiB: 65536,
      graphics: '127.0.0.1:0',
      disks: [
        {
          target: 'vda',
          device: 'disk',
          type: 'file',
          source: '/var/lib/vdd-lab/disks/web1.qcow2',
          readOnly: false,
          shareable: false,
        },
        {
          target: 'hda',
          device: 'cdrom',
          type: 'file',
          source: '/var/lib/vdd-lab/disks/iso1.img',
          readOnly: true,
          shareable: false,
        },
      ],
      nics: [{ mac: '52:54:00:e2:1a:f1', source: 'lan', model: 'virtio' }],
    })
  })

  it('knows no display of a machine that is off', () => {
    expect(parseDomainXml(libvirt('dumpxml-inactive-web1.out'))).not.toHaveProperty('graphics')
  })

  it('reads a machine without display and network names', () => {
    expect(parseDomainXml(libvirt('dumpxml-linux1.out'))).toMatchObject({ name: 'linux1', osType: 'hvm' })
  })

  it('reads a PV guest of Xen, and its Domain-0', () => {
    expect(parseDomainXml(xen('virsh/dumpxml.txt'))).toMatchObject({
      name: 'pv2',
      osType: 'linux',
      memoryKiB: 98304,
      disks: [{ target: 'xvda', type: 'block', source: '/dev/loop1' }],
      nics: [{ source: 'xenbr0', model: '?' }],
    })
    expect(parseDomainXml(xen('virsh/dumpxml-dom0.txt'))).toMatchObject({ disks: [], nics: [], vcpus: 1 })
  })

  it.each([
    ['b', 1048576, 1024],
    ['KiB', 2048, 2048],
    ['KB', 1024, 1000],
    ['MiB', 2, 2048],
    ['GiB', 1, 1048576],
    ['G', 1, 1048576],
  ])('reads memory in %s', (unit, number, kib) => {
    expect(
      parseDomainXml(`<domain><name>a</name><memory unit='${unit}'>${number}</memory></domain>`).memoryKiB,
    ).toBe(kib)
  })

  it('tells a display that is not VNC by its kind', () => {
    const graphics = (attributes: string) =>
      parseDomainXml(`<domain><name>a</name><devices><graphics ${attributes}/></devices></domain>`).graphics
    expect(graphics("type='spice' port='5902' listen='::1'")).toBe('spice ::1:5902')
    expect(graphics("type='vnc' port='-1' autoport='yes'")).toBeUndefined()
    expect(graphics("type='vnc' port='x'")).toBeUndefined()
    expect(graphics("type='vnc' port='5901'")).toBe(':1')
  })

  it('makes what people wrote printable', () => {
    const xml =
      '<domain><name>a</name><title>one&#10;two &lt;b&gt;</title><description>\u202ex</description></domain>'
    expect(parseDomainXml(xml)).toMatchObject({ title: 'one\\ntwo <b>', description: '\\u{202e}x' })
  })

  it('keeps a name that looks like a number, or has blanks, as it is', () => {
    expect(parseDomainXml('<domain><name>007</name></domain>').name).toBe('007')
    expect(parseDomainXml('<domain><name>1e3</name></domain>').name).toBe('1e3')
  })

  it.each([
    ['nothing', ''],
    ['another document', '<network><name>lan</name></network>'],
    ['a domain without a name', '<domain><uuid>x</uuid></domain>'],
    ['words', 'error: failed'],
    ['an answer that was cut', libvirt('dumpxml-web1.out').slice(0, 10)],
  ])('refuses %s with a sentence', (_what, text) => {
    expect(() => parseDomainXml(text)).toThrow(/^(no <domain> with a <name>|not XML: .+)$/)
  })

  it('does not read files, and does not blow up entities', () => {
    const file = `<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><domain><name>&f;</name></domain>`
    let name = ''
    try {
      name = parseDomainXml(file).name
    } catch {
      // Refused is as good as not read.
    }
    expect(name).not.toContain('root')
    const laughs = Array.from({ length: 12 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
      '',
    )
    const bomb = `<!DOCTYPE d [<!ENTITY l0 "ha">${laughs}]><domain><name>&l12;</name></domain>`
    let length = 0
    try {
      length = parseDomainXml(bomb).name.length
    } catch {
      // The same.
    }
    expect(length).toBeLessThan(1_000_000)
  })

  it('reads a long definition in many steps, so that keys have their turn between them', () => {
    const disks = "<disk type='file'><source file='&#10;&#27;'/><target dev='a'/></disk>".repeat(1700)
    const steps = domainXmlSteps(`<domain><name>a</name><devices>${disks}</devices></domain>`)
    expect([...steps].length).toBeGreaterThan(1000)
  })

  it('keeps references to characters that do not exist, and what closes nothing is no XML', () => {
    expect(parseDomainXml('<domain><name>&#x110000;&#65;&x;</name></domain>').name).toBe('&#x110000;A&x;')
    expect(() => parseDomainXml('<domain></domain></domain>')).toThrow('not XML: </domain> ends nothing')
    expect(() => parseDomainXml('<domain><name>a</name>')).toThrow('not XML: <domain> has no end')
  })

  it('either reads or refuses any text, and does not hang', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        try {
          parseDomainXml(text)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
  })
})

describe('domainXml', () => {
  const machine = { name: 'kiosk-1', os: 'linux', vcpus: 2, memoryKiB: 2 ** 21, virtType: 'kvm' } as const

  it.each(Object.keys(osEntries) as OsEntry[])('gives %s the devices that it has drivers for', (os) => {
    const xml = domainXml({ ...machine, os, pool: 'default', volume: 'kiosk-1.qcow2', network: 'lan' })
    expect(parseDomainXml(xml)).toMatchObject({
      name: 'kiosk-1',
      vcpus: 2,
      memoryKiB: 2 ** 21,
      osType: 'hvm',
      disks: [{ target: osEntries[os].disk, type: 'volume', source: 'kiosk-1.qcow2' }],
      nics: [{ source: 'lan', model: osEntries[os].nic }],
    })
    expect(xml).toContain(`bus='${osEntries[os].bus}'`)
    expect(xml).toContain(`<clock offset='${osEntries[os].clock}'/>`)
  })

  it('leaves out the disk and the network that are not wanted', () => {
    expect(parseDomainXml(domainXml(machine))).toMatchObject({ disks: [], nics: [] })
  })

  it('gives every name back as it was, whatever is in it', () => {
    const texts = fc
      .string({ unit: fc.constantFrom(...`ab'"<>&;$(){}\`\\/-# äß東`) })
      .filter((text) => text !== '' && text === text.trim())
    fc.assert(
      fc.property(texts, texts, (name, network) => {
        const read = parseDomainXml(
          domainXml({ ...machine, name, network, volume: `${name}.qcow2`, pool: name }),
        )
        expect(read.name).toBe(name)
        expect(read.nics).toHaveLength(1)
        expect(read.disks).toHaveLength(1)
      }),
    )
  })

  it('cannot be left by a name that closes its element', () => {
    const name = `x</name><on_crash>restart</on_crash><name a='`
    const xml = domainXml({ ...machine, name })
    expect(parseDomainXml(xml).name).toBe(name)
    expect(xml.match(/<on_crash>/g)).toHaveLength(1)
  })

  it('escapes the five characters of XML', () => {
    expect(escapeXml(`<a b='c' d="e">&`)).toBe('&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;')
  })
})
