import { joined, label, say } from '../../hosts/label.ts'
import { known } from '../../hosts/numbers.ts'
import type { HardwareFacts, Link, Part, Screen } from './facts.ts'
import { readLinks } from './links.ts'

/** Parts of one kind that are told. */
const mostParts = 16

/**
 * The machine on which this program runs: the library systeminformation asks DMI, lspci, lsblk and xrandr where they are, which nothing in /proc tells in
 * one place. It is loaded here, when the first machine is asked: a start without one does not wait for it. Only network interfaces are read without it: it holds
 * up the whole program while it runs a command for each.
 */
async function look(): Promise<HardwareFacts> {
  const { default: machine } = await import('systeminformation')
  const [system, os, cpu, memory, disks, graphics, sound, links] = await Promise.all([
    machine.system(),
    machine.osInfo(),
    machine.cpu(),
    machine.mem(),
    machine.diskLayout(),
    machine.graphics(),
    machine.audio(),
    readLinks(),
  ])
  return hardwareOf({ system, os, cpu, memory, disks, graphics, sound, links })
}

let underWay: Promise<HardwareFacts> | undefined

/** Several hosts of a configuration may be this machine: who asks while it is looked at is told the same. */
export function readHardware(): Promise<HardwareFacts> {
  underWay ??= look().finally(() => {
    underWay = undefined
  })
  return underWay
}

/** What is used of what the library tells; anything of it may be missing or empty. */
interface Told {
  readonly system: { readonly manufacturer?: string; readonly model?: string }
  readonly os: {
    readonly distro?: string
    readonly release?: string
    readonly codename?: string
    readonly kernel?: string
  }
  readonly cpu: { readonly manufacturer?: string; readonly brand?: string; readonly cores?: number }
  readonly memory: { readonly total?: number }
  readonly disks: readonly { readonly vendor?: string; readonly name?: string; readonly size?: number }[]
  readonly graphics: {
    readonly controllers: readonly {
      readonly vendor?: string
      readonly model?: string
      readonly vram?: number | null
    }[]
    readonly displays: readonly {
      readonly vendor?: string
      readonly model?: string
      readonly connection?: string | null
      readonly currentResX?: number | null
      readonly currentResY?: number | null
    }[]
  }
  readonly sound: readonly { readonly manufacturer?: string; readonly name?: string }[]
  readonly links: readonly Link[]
}

/** What is told, in words that may be shown: names of hardware are as free as any text. */
export function hardwareOf(told: Told): HardwareFacts {
  const { system, os, cpu, memory, disks, graphics, sound, links } = told
  const release = [os.distro, os.release].filter(Boolean).join(' ')
  const code = os.codename ? ` (${os.codename})` : ''
  const kernel = os.kernel ? `, Linux ${os.kernel}` : ''
  const model = words(system.manufacturer, system.model)
  return {
    ...(model ? { model } : {}),
    ...(release ? { system: label(`${release}${code}${kernel}`) } : {}),
    ...(cpu.brand ? { processor: coresOf(cpu) } : {}),
    ...(memory.total && known(memory.total) ? { memoryKiB: Math.round(memory.total / 1024) } : {}),
    disks: partsOf(disks, ({ vendor, name, size }) =>
      part([vendor, name], size ? bytesText(size) : undefined),
    ),
    graphics: partsOf(graphics.controllers, ({ vendor, model, vram }) =>
      part([vendor, model], vram ? `${vram} MB` : undefined),
    ),
    sound: partsOf(sound, ({ manufacturer, name }) => part([manufacturer, name], undefined)),
    screens: graphics.displays.slice(0, mostParts).map(screenOf),
    links: links.slice(0, mostParts),
  }
}

function screenOf({
  vendor,
  model,
  connection,
  currentResX,
  currentResY,
}: Told['graphics']['displays'][number]): Screen {
  const name = words(vendor, model || connection)
  return {
    ...(name ? { name } : {}),
    ...(currentResX && currentResY ? { width: currentResX, height: currentResY } : {}),
  }
}

function coresOf({ manufacturer, brand, cores }: Told['cpu']) {
  const name = words(manufacturer, brand) ?? say``
  return cores && known(cores) ? say`${name}, ${cores} ${cores === 1 ? say`core` : say`cores`}` : name
}

function partsOf<T>(told: readonly T[], of: (one: T) => Part | undefined): Part[] {
  return told.slice(0, mostParts).flatMap((one) => of(one) ?? [])
}

function part(names: readonly (string | null | undefined)[], size: string | undefined): Part | undefined {
  const name = words(...names)
  if (!name) return size ? label(size) : undefined
  return size ? joined([name, label(size)], ', ') : name
}

/** Names that say something, one behind the other, and none twice: a model often begins with its maker. */
function words(...names: readonly (string | null | undefined)[]): Part | undefined {
  const said = names.map((name) => name?.trim() ?? '').filter((name) => name && name !== '-')
  const [maker = '', model] = said
  const text = model?.toLowerCase().startsWith(maker.toLowerCase()) ? model : said.join(' ')
  return text ? label(text) : undefined
}

/** As makers count: `512 MB`, `500 GB`, `2 TB`. */
function bytesText(size: number): string {
  const gb = size / 1e9
  if (gb < 1) return `${Math.round(gb * 1000)} MB`
  return gb < 1000 ? `${Math.round(gb)} GB` : `${Math.round(gb / 100) / 10} TB`
}
