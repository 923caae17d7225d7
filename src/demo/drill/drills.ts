import type { Argv } from '../../hosts/host.ts'
import type { DaemonName } from '../daemons.ts'
import { date } from '../host/time.ts'
import { demoCommand } from '../shell.ts'
import type { World } from '../world.ts'
import { lookAt } from './looks.ts'

/** Milliseconds: until what puts it back is ready, what a daemon takes to start, and between two looks. */
const takes = { ready: 180, start: 400, look: 40 } as const

/** What a host did, as it tells it. */
interface Played {
  broken?: string
  back?: string
}

/** What lines of a drill do, by what is in them: `does` gets the words of the drill, and what was found. */
const effects: readonly {
  readonly is: RegExp
  readonly does: (world: World, host: string, words: readonly string[], found: readonly string[]) => void
}[] = [
  {
    is: /kill -(KILL|TERM|STOP|CONT) /,
    does: ({ daemons }, host, [, name], [, signal = '']) => daemons.signal(host, name as DaemonName, signal),
  },
  {
    is: /systemctl start/,
    does: (world, host, [, name]) =>
      void world.later(takes.start, () => world.daemons.start(host, name as DaemonName)),
  },
  { is: /action drop/, does: ({ outages }, host) => outages.begin(host) },
  { is: /qdisc del/, does: ({ outages }, host) => outages.end(host) },
  {
    is: /^\S*crm_standby .*/,
    does: (world, host, _words, [line = '']) => void demoCommand(world, host, line.split(' ')),
  },
]

/** The words of the program that a drill runs on a host, behind its script; undefined: it is none. */
export function drillWords(argv: Argv): readonly string[] | undefined {
  return argv[0] === 'sh' && argv[3] === 'vdd-drill' ? argv.slice(4) : undefined
}

/** What is broken on purpose on a host of the demo. The real scripts are lines of sh; here they are known by what is in them. */
export class DemoDrills {
  readonly #world: World
  readonly #host: string
  /** by the directory in which the host keeps them */
  readonly #played = new Map<string, Played>()

  constructor(world: World, host: string) {
    this.#world = world
    this.#host = host
  }

  /** Runs the program of these words, and gives its lines. @returns what ends it, which puts nothing back */
  run(words: readonly string[], line: (text: string) => void): () => void {
    const [directory = '', seconds, , breaks = '', putsBack = '', ...own] = words
    if (!directory.startsWith('/tmp/vdd-drill-')) return this.#follow(words.slice(1), line)
    if (seconds !== undefined) this.#begin(directory, Number(seconds), [breaks, putsBack], own)
    return this.#tell(directory, line)
  }

  #begin(
    directory: string,
    seconds: number,
    [breaks, putsBack]: readonly [string, string],
    own: readonly string[],
  ): void {
    const [world, host] = [this.#world, this.#host]
    const played: Played = {}
    this.#played.set(directory, played)
    world.later(takes.ready, () => {
      const before = date(world, host).trim()
      does(world, host, breaks, own)
      played.broken = `broken ${before} ${date(world, host).trim()}`
      world.later(seconds * 1_000, () => {
        played.back = `back ${date(world, host).trim()}`
        does(world, host, putsBack, own)
      })
    })
  }

  /** Tells what a host keeps of a drill, as it comes. */
  #tell(directory: string, line: (text: string) => void): () => void {
    const told = new Set<keyof Played>()
    return this.#again(() => {
      for (const what of ['broken', 'back'] as const) {
        const text = this.#played.get(directory)?.[what]
        if (text === undefined || told.has(what)) continue
        told.add(what)
        line(text)
      }
    })
  }

  /** Tells what a look finds whenever it is another. */
  #follow(words: readonly string[], line: (text: string) => void): () => void {
    const [world, host] = [this.#world, this.#host]
    // As /proc/uptime has it.
    const uptime = () => ((world.now() - world.bornAt) / 1_000 + 86_400).toFixed(2)
    line(`clock ${uptime()} ${date(world, host).trim()} ${uptime()}`)
    let last: string | undefined
    let before = uptime()
    return this.#again(() => {
      const begun = uptime()
      const now = lookAt(world, host, words)
      if (now !== last) line(`${before} ${uptime()} ${now}`)
      last = now
      before = begun
    })
  }

  #again(look: () => void): () => void {
    let timer: NodeJS.Timeout | undefined
    const round = () => {
      look()
      timer = this.#world.later(takes.look, round)
    }
    round()
    return () => clearTimeout(timer)
  }
}

function does(world: World, host: string, script: string, words: readonly string[]): void {
  for (const { is, does: effect } of effects) {
    const found = is.exec(script)
    if (found) return effect(world, host, words, found)
  }
}
