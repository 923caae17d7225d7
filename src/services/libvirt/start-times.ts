import type { Watched } from './connection.ts'
import { parseProcessTimes } from './parse.ts'

/** Milliseconds. */
const timing = {
  /** how often the processes are listed while no machine is started */
  processes: 60_000,
  /** ps tells whole seconds: a little difference is the same start */
  same: 2_500,
} as const

/** What is told of each process. Names of programs and arguments may hold anything. */
const columns = ['etimes=', 'euser:32=', 'ruser:32=', 'comm=', 'args='].flatMap((column) => ['-o', column])

/** When each machine was started. libvirt does not tell; its process on the host does. */
export class StartTimes {
  readonly #watched: Watched
  /** milliseconds since the epoch, by UUID */
  #known = new Map<string, number>()
  #active: ReadonlySet<string> = new Set()
  #readAt = Number.NEGATIVE_INFINITY

  constructor(watched: Watched) {
    this.#watched = watched
  }

  of(uuid: string): number | undefined {
    return this.#known.get(uuid)
  }

  /** Lists the processes when that is due; a look does not wait for it, the answer is used by the next one. */
  async read(active: ReadonlySet<string>): Promise<void> {
    const { host, uri, signal, now } = this.#watched
    const started = [...active].some((uuid) => !this.#active.has(uuid))
    this.#active = active
    if (active.size === 0 || (!started && now() - this.#readAt < timing.processes)) return
    this.#readAt = now()
    try {
      // A session's QEMU is of the user who asks.
      const which = uri.endsWith('/session') ? 'x' : '-e'
      const { stdout } = await host.run(['ps', which, '-ww', ...columns], { signal })
      const times = [...parseProcessTimes(stdout, !uri.startsWith('xen'))]
      this.#known = new Map(
        times.map(([uuid, seconds]) => [uuid, this.#steady(uuid, now() - seconds * 1000)]),
      )
    } catch {
      // Without ps the time of start is not known, and is shown so.
    }
  }

  #steady(uuid: string, start: number): number {
    const known = this.#known.get(uuid)
    return known !== undefined && Math.abs(known - start) <= timing.same ? known : start
  }
}
