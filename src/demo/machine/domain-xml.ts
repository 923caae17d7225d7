import type { DemoMachine } from './machine.ts'

/** What a definition says of a machine. */
type Defined = Pick<DemoMachine, 'name' | 'title' | 'vcpus' | 'memoryKiB' | 'maxMemoryKiB' | 'hasDisk'>

/** Reads what the demo keeps of a definition, and its UUID, which may be empty; `undefined`: there is no domain in it. */
export function readXml(xml: string): (Defined & { readonly uuid: string }) | undefined {
  const tag = (name: string) =>
    unescapeXml(new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(xml)?.[1] ?? '')
  const name = tag('name')
  if (!/^\s*(<\?xml[^>]*>\s*)?<domain[\s>]/.test(xml) || !name) return undefined
  const unit = /<memory[^>]*unit=['"](\w+)/.exec(xml)?.[1] ?? 'KiB'
  const memoryKiB = Number(tag('memory')) * (unit === 'GiB' ? 2 ** 20 : unit === 'MiB' ? 1024 : 1)
  return {
    uuid: tag('uuid'),
    name,
    title: tag('title'),
    vcpus: Number(tag('vcpu')) || 1,
    memoryKiB,
    maxMemoryKiB: memoryKiB,
    hasDisk: xml.includes('<disk'),
  }
}

/** The definition of a machine as the libvirt of this host gives it. */
export function xmlOf(m: DemoMachine, host: string): string {
  const port =
    m.host === host && m.life.state === 1
      ? ` port='${5900 + (Number.parseInt(m.uuid.slice(0, 2), 16) % 60)}'`
      : ''
  return `<domain type='kvm'>
  <name>${escapeXml(m.name)}</name>
  <uuid>${m.uuid}</uuid>
  <title>${escapeXml(m.title)}</title>
  <memory unit='KiB'>${m.maxMemoryKiB}</memory>
  <currentMemory unit='KiB'>${m.memoryKiB}</currentMemory>
  <vcpu placement='static' current='${m.vcpus}'>${m.maxVcpus}</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
  </os>
  <devices>${
    m.hasDisk
      ? `
    <disk type='file' device='disk'>
      <source file='/var/lib/libvirt/images/${escapeXml(m.name)}.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>`
      : ''
  }
    <interface type='network'>
      <mac address='52:54:00:${m.uuid.slice(0, 2)}:${m.uuid.slice(2, 4)}:${m.uuid.slice(4, 6)}'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
    <graphics type='${protocolOf(m.name)}'${port} autoport='yes' listen='127.0.0.1'/>
  </devices>
</domain>`
}

/** One is shown by SPICE, all others by VNC. */
const protocolOf = (name: string) => (name === 'windows-02' ? 'spice' : 'vnc')

function escapeXml(text: string): string {
  return text.replace(/[&<>'"]/g, (c) => `&#${c.charCodeAt(0)};`)
}

function unescapeXml(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&')
}
