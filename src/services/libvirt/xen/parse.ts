import { defined } from '../../../hosts/defined.ts'
import { parseJson } from '../../../hosts/json.ts'
import { type Label, label } from '../../../hosts/label.ts'
import { count, decimal, known } from '../../../hosts/numbers.ts'
import type { Counters } from '../domstats.ts'
import { isUuid, longestRow, parseFields } from '../parse.ts'

/** The UUID of Domain-0, which is in every list and is the host itself, not a machine: docs/internals/xen.md, "Domain-0". */
export const domain0 = '00000000-0000-0000-0000-000000000000'

/** One domain as `xl list -v` has it. */
export interface XlDomain {
  readonly name: string
  /** changes at every start, reboot, restore and migration: never an identity */
  readonly id: number
  readonly uuid: string
  readonly memoryKiB: number
  readonly vcpus: number
  /** six places, see states.ts */
  readonly letters: string
  /** nanoseconds, of which xl tells tenths of a second */
  readonly cpuNs: number
}

/** Name, id, MiB, VCPUs, letters, seconds, UUID, reason, label; a name may hold blanks, so it is what is left. */
const xlRow =
  /^(.*\S) +(\d+) +(\d+) +(\d+) +([r-][b-][p-][s-][-\w?][d-]) +(\d+\.\d) +([0-9a-f-]{36}) +\S+ +\S+ *$/

/** `xl list -v`. */
export function parseXlList(text: string): XlDomain[] {
  return text.split('\n').flatMap((line): XlDomain[] => {
    if (line.length > longestRow) return []
    const [, name = '', id, mebibytes, vcpus, letters = '', seconds, uuid = ''] = xlRow.exec(line) ?? []
    if (!isUuid(uuid)) return []
    return [
      {
        name,
        id: count(id) ?? 0,
        uuid,
        memoryKiB: (count(mebibytes) ?? 0) * 1024,
        vcpus: count(vcpus) ?? 0,
        letters,
        cpuNs: Math.round((decimal(seconds) ?? 0) * 1e9),
      },
    ]
  })
}

/** What the configuration of a domain says; libvirt's words for the type: `linux`, `xenpvh`, `hvm`. */
export interface XlConfig {
  readonly osType?: Label
  readonly vcpusMax?: number
  readonly memoryMaxKiB?: number
  readonly hasDisks: boolean
}

const osTypes: Record<string, string> = { pv: 'linux', pvh: 'xenpvh', hvm: 'hvm' }

/** `xl list -l`: by domain id, the outer one; that inside `c_info` means nothing. Nothing when it is no JSON. */
export function parseXlConfigs(text: string): Map<number, XlConfig> {
  const configs = new Map<number, XlConfig>()
  for (const domain of entries(parsed(text))) {
    const id = asNumber(at(domain, 'domid'))
    if (id !== undefined) configs.set(id, configOf(at(domain, 'config')))
  }
  return configs
}

function configOf(config: unknown): XlConfig {
  const type = at(config, 'c_info', 'type')
  return {
    ...defined({
      osType: typeof type === 'string' ? label(osTypes[type] ?? type) : undefined,
      vcpusMax: asNumber(at(config, 'b_info', 'max_vcpus')),
      memoryMaxKiB: asNumber(at(config, 'b_info', 'max_memkb')),
    }),
    hasDisks: entries(at(config, 'disks')).some((disk) => isTrue(at(disk, 'readwrite'))),
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined,
    value,
  )
}

function entries(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? known(value) : undefined
}

/** xl writes a boolean as the text `"True"` and a flag as 1. */
function isTrue(value: unknown): boolean {
  return value === 'True' || value === true || value === 1
}

/** One domain in one sample of xentop. */
export interface XentopDomain extends Counters {
  readonly name: string
  readonly memoryKiB: number
  readonly vcpus: number
}

/**
 * Name, state, CPU s, CPU %, memory k and %, maximum k and %, VCPUs, NETS, NETTX k, NETRX k, VBDS, VBD_OO, VBD_RD,
 * VBD_WR, VBD_RSECT, VBD_WSECT, SSID. A name may hold blanks and a maximum may be `no limit`, so read from the right.
 */
const xentopRow =
  /^ *(.*\S) +[d-][s-][b-][c-][p-][r-] +(\d+) +\S+ +(\d+) +\S+ +(?:\d+|no limit) +\S+ +(\d+) +\d+ +(\d+) +(\d+) +\d+ +\d+ +\d+ +\d+ +(\d+) +(\d+) +\d+ *$/

/**
 * `xentop -b -f`: the last sample, by name. The heading stands before each sample. Of two rows with one name, as while a domain is
 * rebooted, nobody can say which is whose: neither counts.
 */
export function parseXentop(text: string): Map<string, XentopDomain> {
  let sample = new Map<string, XentopDomain | undefined>()
  for (const line of text.split('\n')) {
    if (/^ *NAME +STATE /.test(line)) sample = new Map()
    const row = line.length > longestRow ? null : xentopRow.exec(line)
    if (row?.[1] !== undefined)
      sample.set(
        row[1],
        sample.has(row[1])
          ? undefined
          : xentopDomain(
              row[1],
              row.slice(2).map((word) => count(word) ?? 0),
            ),
      )
  }
  return new Map([...sample].flatMap(([name, one]) => (one ? [[name, one]] : [])))
}

function xentopDomain(name: string, fields: readonly number[]): XentopDomain {
  const [seconds = 0, memoryKiB = 0, vcpus = 0, sentK = 0, receivedK = 0, read = 0, written = 0] = fields
  return {
    name,
    memoryKiB,
    vcpus,
    cpuNs: seconds * 1e9,
    // What dom0 sent is what the guest received (docs/internals/xen.md, "Instead of domstats").
    netReceivedBytes: sentK * 1024,
    netSentBytes: receivedK * 1024,
    diskReadBytes: read * sectorBytes,
    diskWriteBytes: written * sectorBytes,
  }
}

const sectorBytes = 512

/** What `dominfo` says of a running machine; its CPU time has tenths of a second. */
interface DomainInfo {
  readonly id?: number
  readonly vcpus?: number
  readonly memoryKiB?: number
  readonly cpuNs?: number
}

export function parseDominfo(text: string): DomainInfo {
  const fields = parseFields(text)
  const number = (key: string) => {
    return known(Number.parseFloat(fields.get(key) ?? ''))
  }
  const seconds = number('CPU time')
  return defined({
    id: number('Id'),
    vcpus: number('CPU(s)'),
    memoryKiB: number('Used memory'),
    cpuNs: seconds === undefined ? undefined : Math.round(seconds * 1e9),
  })
}

/** `domiflist`: the names on the host. They carry the domain's id: `vif2.0`. */
export function parseInterfaces(text: string): string[] {
  return rowsOf(text).flatMap(([name]) => (name && name !== '-' ? [name] : []))
}

/** `domblklist --details`: the guest's names of its disks, without drives. */
export function parseDisks(text: string): string[] {
  return rowsOf(text).flatMap(([, device, target]) => (device === 'disk' && target ? [target] : []))
}

/** Words of the lines below the rule of a table of virsh. */
function rowsOf(text: string): string[][] {
  const [, rows = ''] = text.split(/^-+$/m)
  return rows.split('\n').map((line) => line.trim().split(/ +/))
}

/** `domifstat` and `domblkstat`: lines of device, key, number. */
export function parseDeviceStat(text: string): Map<string, number> {
  const values = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, key, value] = /^\S+ (\w+) (\d+)$/.exec(line) ?? []
    if (key) values.set(key, count(value) ?? 0)
  }
  return values
}

/** `freecell`: KiB that a new machine can have. The same number as `free_memory` of `xl info`, without root. */
export function parseFreecell(text: string): number | undefined {
  const [, kib] = /Total: +(\d+) KiB/.exec(text) ?? []
  return count(kib)
}
