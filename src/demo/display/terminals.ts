import type { ToldTerminals } from '../../services/display/told.ts'
import type { DemoDisplays } from './displays.ts'

interface Pc {
  readonly model: string
  readonly processor: string
  readonly memoryMiB: number
  readonly disk?: string
  readonly graphics: string
  readonly sound: string
  readonly screen: { readonly name: string; readonly width: number; readonly height: number }
  readonly mbps?: number
}

const old = { name: 'VGA-1', width: 1024, height: 768 }
const square = { name: 'SAMSUNG SyncMaster 740N', width: 1280, height: 1024 }
const wide = { name: 'DELL P1911', width: 1440, height: 900 }

/** What the school was given, and rescued. */
const pcs = {
  optiplex: {
    model: 'Dell OptiPlex GX270',
    processor: 'Intel Pentium 4 2.60GHz, 1 core',
    memoryMiB: 1002,
    disk: 'WDC WD400BB-75FJA1, 40 GB',
    graphics: 'Intel 82865G Integrated Graphics Controller',
    sound: 'Intel ICH5',
    screen: square,
    mbps: 1000,
  },
  evo: {
    model: 'Compaq Evo D510',
    processor: 'Intel Pentium 4 2.00GHz, 1 core',
    memoryMiB: 495,
    disk: 'ST340016A, 40 GB',
    graphics: 'Intel 82845G/GL Chipset Integrated Graphics Device',
    sound: 'Intel 82801DB-ICH4',
    screen: square,
  },
  netvista: {
    model: 'IBM NetVista A22p',
    processor: 'Intel Pentium III (Coppermine) 866MHz, 1 core',
    memoryMiB: 247,
    disk: 'QUANTUM FIREBALLlct15 20, 20 GB',
    graphics: 'Intel 82815 CGC',
    sound: 'Intel 82801AA-ICH',
    screen: old,
  },
  scenic: {
    model: 'Fujitsu Siemens SCENIC E600',
    processor: 'Intel Celeron 2.40GHz, 1 core',
    memoryMiB: 758,
    disk: 'SAMSUNG SP0411N, 40 GB',
    graphics: 'Intel 82865G Integrated Graphics Controller',
    sound: 'Intel ICH5',
    screen: wide,
  },
  esprimo: {
    model: 'Fujitsu Siemens ESPRIMO E5615',
    processor: 'AMD Athlon 64 X2 3800+, 2 cores',
    memoryMiB: 2012,
    graphics: 'NVIDIA C51 [GeForce 6150 LE]',
    sound: 'HDA NVidia',
    screen: wide,
    mbps: 1000,
  },
  wyse: {
    model: 'Wyse S10',
    processor: 'Geode Integrated Processor: LX 800, 1 core',
    memoryMiB: 119,
    disk: '128MB Flash, 128 MB',
    graphics: 'AMD Geode LX Video',
    sound: 'CS5535 Audio cs5535audio',
    screen: old,
  },
} as const satisfies Readonly<Record<string, Pc>>

const { optiplex, evo, netvista, scenic, esprimo, wyse } = pcs
/** Beginning with term1. The last two are an old X terminal, which cannot tell what it is, and one at which nobody sits. */
const room: readonly (Pc | undefined)[] = [
  ...[optiplex, optiplex, evo, evo, scenic, scenic, netvista],
  ...[optiplex, evo, esprimo, wyse, evo, netvista, scenic],
  ...[optiplex, esprimo, evo, scenic, netvista],
  ...[undefined, esprimo],
]

const day = 86_400_000
/** Of the demo: its terminals stay as they are. */
const mark = '5c1e0a7d90b3f246'

/** What the terminals of the demo told the display server, each when somebody came to it last. */
export function toldTerminals({ channels, bornAt }: DemoDisplays, known: string | undefined): ToldTerminals {
  if (known === mark) return { mark }
  const all = room.flatMap((pc, i) => {
    if (!pc) return []
    const name = `term${i + 1}`
    const sitting = channels.find(({ terminal }) => terminal === name)
    return [
      {
        name,
        address: `10.0.1.${i + 1}`,
        at: sitting ? sitting.openedAt - 40_000 : bornAt - day - i * 97_000,
        user: sitting?.user ?? 'teresa',
        line: JSON.stringify(factsOf(pc, name)),
      },
    ]
  })
  return { mark, all }
}

function factsOf(
  { model, processor, memoryMiB, disk, graphics, sound, screen, mbps = 100 }: Pc,
  name: string,
) {
  return {
    version: 1,
    name,
    model,
    system: 'Debian GNU/Linux 12 (bookworm), Linux 6.1.0-28-686',
    processor,
    memoryKiB: memoryMiB * 1024 + 340,
    disks: disk ? [disk] : [],
    graphics: [graphics],
    sound: [sound],
    screens: [screen],
    links: [{ name: 'eth0', isUp: true, isWireless: false, mbps }],
  }
}
