import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { wallTime } from '../../../hosts/clock.ts'
import { known } from '../../../hosts/numbers.ts'
import type { ChannelBook } from './book.ts'

/** What a person's programs on a machine cost. */
export interface Load {
  /** percent of one processor, since the look before; none: there was none */
  readonly cpu?: number
  /** resident, with what several programs share counted for each */
  readonly memoryKiB: number
}

/**
 * All processes of whoever runs it, as the kernel tells them, with one program to start: the time of the machine, ticks in a second, bytes of a page, and a line of
 * proc_pid_stat(5) each. POSIX sh, and BusyBox.
 */
export const loadScript = [
  'set --; for one in /proc/[0-9]*; do [ -O "$one" ] && set -- "$@" "$one/stat"; done',
  'echo "$(getconf CLK_TCK 2>/dev/null || echo 100) $(getconf PAGESIZE 2>/dev/null || echo 4096)"',
  'cat /proc/uptime "$@" 2>/dev/null; exit 0',
].join('\n')

/** The same of one process of this machine, whose number is given: what it prints is empty once that has ended. */
const oneScript = [
  'echo "$(getconf CLK_TCK 2>/dev/null || echo 100) $(getconf PAGESIZE 2>/dev/null || echo 4096)"',
  'exec cat /proc/uptime "/proc/$1/stat"',
].join('\n')

/** What tells the load of a process here, as `loadScript` does of all there. Rejects where it has ended. */
export function lookAtOne(pid: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const words = ['-c', oneScript, 'sh', String(pid)]
    execFile('sh', words, { timeout: 5_000, cwd: '/' }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    )
  })
}

interface Look {
  /** seconds by the machine's clock */
  readonly at: number
  /** seconds of processors, by the process: its number, and when it started */
  readonly used: ReadonlyMap<string, number>
  readonly memoryKiB: number
}

/** What the script printed; undefined: it is not understood. */
export function parseLook(text: string): Look | undefined {
  const [units = '', uptime = '', ...lines] = text.split('\n')
  const [, ticks, page] = (/^(\d{1,6}) (\d{3,8})$/.exec(units) ?? []).map(Number)
  const at = Number(/^(\d+(?:\.\d+)?) /.exec(uptime)?.[1])
  if (!ticks || !page || !Number.isFinite(at)) return undefined
  const used = new Map<string, number>()
  let memoryKiB = 0
  for (const line of lines) {
    // Its second field is in brackets, and may hold any character.
    const end = line.lastIndexOf(')')
    const fields = line.slice(end + 2).split(' ', 23)
    const [user, system, started, pages] = [fields[11], fields[12], fields[19], fields[21]].map(Number)
    const pid = /^(\d{1,10}) \(/.exec(line)?.[1]
    if (pid === undefined || end < 0 || ![user, system, started, pages].every(Number.isSafeInteger)) continue
    used.set(`${pid} ${started}`, ((user ?? 0) + (system ?? 0)) / ticks)
    memoryKiB += ((pages ?? 0) * page) / 1024
  }
  return { at, used, memoryKiB: Math.round(memoryKiB) }
}

/** Makes a load of two looks. */
export class LoadMeter {
  #last: Look | undefined

  /** @param text what `loadScript` printed; undefined: it is not understood */
  take(text: string): Load | undefined {
    const look = parseLook(text)
    const last = this.#last
    this.#last = look
    if (!look) return undefined
    const { memoryKiB } = look
    if (!last || look.at <= last.at) return { memoryKiB }
    // What one that has ended used since then is not known any more.
    let spent = 0
    for (const [process, used] of look.used) spent += Math.max(0, used - (last.used.get(process) ?? 0))
    const cpu = known((100 * spent) / (look.at - last.at))
    return { memoryKiB, ...(cpu === undefined ? {} : { cpu: Math.round(cpu * 10) / 10 }) }
  }
}

/** Milliseconds between the first two looks, and between those that follow. */
const every = { first: 10_000, later: 60_000 } as const

interface Watching {
  /** runs `loadScript` on the machine, as the person */
  readonly ask: () => Promise<string>
  /** tells the same of the X server here, whose work is that of the session; none: there is no X server */
  readonly screen?: (() => Promise<string>) | undefined
  readonly book: Pick<ChannelBook, 'tell'>
  readonly now: () => number
}

/** Asks again and again what the person's programs and their X server cost, and writes it down; until the signal. A machine that cannot tell is asked as often. */
export async function watchLoad({ ask, screen, book, now }: Watching, signal: AbortSignal): Promise<void> {
  const [meter, ofScreen] = [new LoadMeter(), new LoadMeter()]
  for (let pause: number = every.first; !signal.aborted; pause = every.later) {
    const [there, here] = await Promise.all([ask().catch(() => ''), screen?.().catch(() => '') ?? ''])
    const [load, own] = [meter.take(there), ofScreen.take(here)]
    const whole = load && { at: wallTime(now()), ...load, ...(own ? { screen: own } : {}) }
    if (whole && !signal.aborted) await book.tell({ load: whole })
    await sleep(pause, undefined, { signal }).catch(() => {})
  }
}
