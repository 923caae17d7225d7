import { defined } from '../../hosts/defined.ts'
import { type Label, label } from '../../hosts/label.ts'
import { count } from '../../hosts/numbers.ts'
import { atOnce, type Steps } from '../../hosts/slices.ts'
import { type Element, elementSteps } from '../elements.ts'

interface Disk {
  /** the guest's name of it: `vda` */
  readonly target: Label
  /** `disk`, `cdrom`, `floppy` */
  readonly device: Label
  /** `file`, `block`, `network`, … */
  readonly type: Label
  /** path, device or volume; empty for an empty drive */
  readonly source: Label
  readonly readOnly: boolean
  readonly shareable: boolean
}

interface Nic {
  readonly mac: Label
  /** network or bridge */
  readonly source: Label
  readonly model: Label
}

/** What the definition of a machine says. */
export interface DomainXml {
  readonly uuid: string
  readonly name: string
  readonly title?: Label
  readonly description?: Label
  /** the text of `<type>`: `hvm`, `linux` (Xen PV), `xenpvh` */
  readonly osType?: Label
  readonly vcpus?: number
  readonly memoryKiB?: number
  /** those of them that it starts with */
  readonly vcpusAtStart?: number
  readonly memoryAtStartKiB?: number
  /** `127.0.0.1:0`, or `spice …`, where the running machine has a display */
  readonly graphics?: Label
  readonly disks: readonly Disk[]
  readonly nics: readonly Nic[]
}

/** The first of its children that is called so, and of that again. */
function child(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  return path.reduce((node, name) => node?.children.find((one) => one.name === name), element)
}

/** The text of an element below, or its attribute where the last name begins with `@`. */
function text(element: Element | undefined, ...path: readonly string[]): string | undefined {
  const last = path.at(-1) ?? ''
  if (last.startsWith('@')) return child(element, ...path.slice(0, -1))?.attributes.get(last.slice(1))
  return child(element, ...path)?.text
}

/** All elements of this name that a machine has as devices. */
function devicesOf(domain: Element | undefined, name: string): readonly Element[] {
  return child(domain, 'devices')?.children.filter((one) => one.name === name) ?? []
}

/** What stands in each screen of a definition that was read; for one that listens on a socket, also which. */
export function graphicsIn(read: Element | undefined): readonly Readonly<Record<string, string>>[] {
  return devicesOf(child(read, 'domain'), 'graphics').map((device) => {
    const socket = text(device, 'listen', '@socket')
    return { ...(socket && { socket }), ...Object.fromEntries(device.attributes) }
  })
}

const kib: Record<string, number> = {
  b: 1 / 1024,
  bytes: 1 / 1024,
  KB: 1000 / 1024,
  k: 1,
  KiB: 1,
  MB: 1e6 / 1024,
  M: 1024,
  MiB: 1024,
  GB: 1e9 / 1024,
  G: 1024 ** 2,
  GiB: 1024 ** 2,
}

/** Characters of a definition that is read; some fifty disks with all their options are half as much. */
export const longestXml = 128 * 2 ** 10

/** Reads `dumpxml`. Throws an `Error` with a sentence when it is no `<domain>`, or too long to be one. */
export function parseDomainXml(xml: string): DomainXml {
  return atOnce(domainXmlSteps(xml))
}

/** The same, a few elements at a time: a hostile definition must not keep the keys waiting. */
export function* domainXmlSteps(xml: string): Steps<DomainXml> {
  if (xml.length > longestXml) throw new Error(`longer than ${longestXml / 2 ** 10} KiB`)
  const domain = child(yield* elementSteps(xml), 'domain')
  const name = text(domain, 'name')
  if (!name) throw new Error('no <domain> with a <name>')
  const number = (value: string | undefined) => count(value?.trim())
  const size = (name: string) => {
    const value = number(text(domain, name))
    const unit = kib[text(domain, name, '@unit') ?? 'KiB'] ?? 1
    return value === undefined ? undefined : Math.round(value * unit)
  }
  const vcpus = number(text(domain, 'vcpu'))
  const memoryKiB = size('memory')
  return {
    uuid: text(domain, 'uuid') ?? '',
    name,
    ...defined({
      title: optionalLabel(text(domain, 'title')),
      description: optionalLabel(text(domain, 'description')),
      osType: optionalLabel(text(domain, 'os', 'type')),
      vcpus,
      memoryKiB,
      vcpusAtStart: number(text(domain, 'vcpu', '@current')) ?? vcpus,
      memoryAtStartKiB: size('currentMemory') ?? memoryKiB,
      graphics: graphicsOf(devicesOf(domain, 'graphics')),
    }),
    disks: yield* each(devicesOf(domain, 'disk'), diskOf),
    nics: yield* each(devicesOf(domain, 'interface'), nicOf),
  }
}

function* each<T>(devices: readonly Element[], read: (device: Element) => T): Steps<T[]> {
  const all: T[] = []
  for (const device of devices) {
    all.push(read(device))
    yield
  }
  return all
}

function optionalLabel(value: string | undefined): Label | undefined {
  return value ? label(value) : undefined
}

/** VNC as `virsh vncdisplay` writes it (`address:display`, display = port - 5900), others as `type address:port`. */
function graphicsOf(devices: readonly Element[]): Label | undefined {
  for (const device of devices) {
    const type = text(device, '@type')
    const port = Number(text(device, '@port'))
    const address = text(device, '@listen') ?? ''
    if (!type || !Number.isInteger(port) || port <= 0) continue
    return label(type === 'vnc' ? `${address}:${port - 5900}` : `${type} ${address}:${port}`)
  }
  return undefined
}

function diskOf(device: Element): Disk {
  const source = ['@file', '@dev', '@volume', '@name'].map((key) => text(device, 'source', key)).find(Boolean)
  return {
    target: label(text(device, 'target', '@dev') ?? '?'),
    device: label(text(device, '@device') ?? 'disk'),
    type: label(text(device, '@type') ?? '?'),
    source: label(source ?? ''),
    readOnly: child(device, 'readonly') !== undefined,
    shareable: child(device, 'shareable') !== undefined,
  }
}

function nicOf(device: Element): Nic {
  const source = ['@network', '@bridge', '@dev'].map((key) => text(device, 'source', key)).find(Boolean)
  return {
    mac: label(text(device, 'mac', '@address') ?? '?'),
    source: label(source ?? '?'),
    model: label(text(device, 'model', '@type') ?? '?'),
  }
}

/** Kinds of guests: which devices they have drivers for without help. */
export const osEntries = {
  linux: {
    title: 'Linux',
    machine: 'q35',
    bus: 'virtio',
    disk: 'vda',
    nic: 'virtio',
    clock: 'utc',
    video: 'virtio',
  },
  windows: {
    title: 'Windows',
    machine: 'q35',
    bus: 'sata',
    disk: 'sda',
    nic: 'e1000e',
    clock: 'localtime',
    video: 'vga',
  },
  reactos: {
    title: 'ReactOS',
    machine: 'pc',
    bus: 'ide',
    disk: 'hda',
    nic: 'e1000',
    clock: 'localtime',
    video: 'vga',
  },
  other: {
    title: 'Other',
    machine: 'pc',
    bus: 'ide',
    disk: 'hda',
    nic: 'rtl8139',
    clock: 'utc',
    video: 'vga',
  },
} as const

export type OsEntry = keyof typeof osEntries

interface NewDomain {
  readonly name: string
  readonly os: OsEntry
  readonly vcpus: number
  readonly memoryKiB: number
  /** `kvm` where the host has it */
  readonly virtType: string
  readonly pool?: string
  readonly volume?: string
  readonly network?: string
}

/** The definition of a new machine. What is left out libvirt fills in: UUID, addresses, emulator, controllers. */
export function domainXml(domain: NewDomain): string {
  const os = osEntries[domain.os]
  const disk = domain.volume
    ? `
    <disk type='volume' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source pool='${escapeXml(domain.pool ?? 'default')}' volume='${escapeXml(domain.volume)}'/>
      <target dev='${os.disk}' bus='${os.bus}'/>
    </disk>`
    : ''
  const nic = domain.network
    ? `
    <interface type='network'>
      <source network='${escapeXml(domain.network)}'/>
      <model type='${os.nic}'/>
    </interface>`
    : ''
  return `<domain type='${escapeXml(domain.virtType)}'>
  <name>${escapeXml(domain.name)}</name>
  <memory unit='KiB'>${domain.memoryKiB}</memory>
  <vcpu>${domain.vcpus}</vcpu>
  <os>
    <type arch='x86_64' machine='${os.machine}'>hvm</type>
    <boot dev='hd'/>
    <boot dev='network'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <clock offset='${os.clock}'/>
  <on_crash>destroy</on_crash>
  <devices>${disk}${nic}
    <serial type='pty'/>
    <console type='pty'/>
    <graphics type='vnc' autoport='yes' listen='127.0.0.1'/>
    <video>
      <model type='${os.video}'/>
    </video>
  </devices>
</domain>
`
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => entities[character] ?? character)
}
