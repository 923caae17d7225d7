import type { Time } from './clock.ts'

/** The daemons of a front end, by what they serve there. */
const served = { 389: 'slapd', 1812: 'freeradius' } as const
export type DaemonName = (typeof served)[keyof typeof served]

/** What becomes of one by a signal: it has gone, or it is stopped where it is. */
interface Hurt {
  readonly how: 'gone' | 'stopped'
  readonly since: number
}

/** Milliseconds after which ldirectord gives up one that does not answer: its negotiatetimeout. */
export const negotiateTimeout = 3_000
/** Milliseconds until the others of its connections hear that it has gone. */
const heardAfter = 90
/** Pids of those that were there from the beginning. */
const first: Readonly<Record<DaemonName, number>> = { slapd: 612, freeradius: 640 }

type Listeners = Map<string, Set<() => void>>

/** Which daemons of the front ends run. */
export class DemoDaemons {
  readonly #clock: Pick<Time, 'now' | 'later'>
  readonly #hurt = new Map<string, Hurt>()
  readonly #pids = new Map<string, number>()
  /** who waits for the answer of one that is stopped */
  readonly #waiting: Listeners = new Map()
  readonly #connected: Listeners = new Map()

  constructor(clock: Pick<Time, 'now' | 'later'>) {
    this.#clock = clock
  }

  /** Its pid; undefined: it does not run. */
  pidOf(host: string, name: DaemonName): number | undefined {
    const key = keyOf(host, name)
    return this.#hurt.get(key)?.how === 'gone' ? undefined : (this.#pids.get(key) ?? first[name])
  }

  signal(host: string, name: DaemonName, signal: string): void {
    const key = keyOf(host, name)
    if (signal === 'CONT') return this.#mend(key)
    const how = signal === 'STOP' ? 'stopped' : 'gone'
    this.#hurt.set(key, { how, since: this.#clock.now() })
    if (how === 'stopped') return
    const lost = [...(this.#connected.get(key) ?? [])]
    this.#connected.delete(key)
    this.#clock.later(heardAfter, () => {
      for (const tell of lost) tell()
    })
  }

  start(host: string, name: DaemonName): void {
    const key = keyOf(host, name)
    this.#pids.set(key, (this.#pids.get(key) ?? first[name]) + 1_263)
    this.#mend(key)
  }

  #mend(key: string): void {
    this.#hurt.delete(key)
    for (const go of this.#waiting.get(key) ?? []) go()
    this.#waiting.delete(key)
  }

  /** Whether ldirectord finds nothing behind this port, or waits in vain. */
  isOut(host: string, port: number): boolean {
    const name = served[port as keyof typeof served]
    const hurt = name && this.#hurt.get(keyOf(host, name))
    if (!hurt) return false
    return hurt.how === 'gone' || this.#clock.now() - hurt.since > negotiateTimeout
  }

  /** Resolves when it can answer, which is at once for one that runs; or after so many milliseconds with false: it is stopped. */
  async answers(host: string, name: DaemonName, patience: number): Promise<boolean> {
    const key = keyOf(host, name)
    if (this.#hurt.get(key)?.how !== 'stopped') return true
    return await new Promise<boolean>((resolve) => {
      add(this.#waiting, key, () => resolve(true))
      this.#clock.later(patience, () => resolve(false))
    })
  }

  /** Who is told when one goes: its connections end. */
  onGone(host: string, name: DaemonName, listener: () => void): () => void {
    const all = add(this.#connected, keyOf(host, name), listener)
    return () => all.delete(listener)
  }
}

function add(all: Listeners, key: string, one: () => void): Set<() => void> {
  const own = all.get(key) ?? new Set()
  all.set(key, own.add(one))
  return own
}

const keyOf = (host: string, name: DaemonName) => `${host} ${name}`
