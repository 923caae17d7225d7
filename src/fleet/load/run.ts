import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Outcome } from './tally.ts'

/** One of the connections over which requests go, one request at a time. */
export interface Asker {
  /** Asks once; rejects where that failed. It comes to an end by itself, in a few seconds. */
  ask(): Promise<void>
  close(): void
}

export interface LoadPlan {
  /** requests a second */
  readonly rate: number
  readonly askers: readonly Asker[]
  /** none: until it is ended */
  readonly seconds?: number
}

export interface Heard {
  /** so many have become due */
  due(count: number): void
  outcome(outcome: Outcome): void
}

/** Milliseconds for which a request waits for a connection that is free: who waits longer has gone away. */
const patience = 5_000
/** Milliseconds between two looks at what is due. */
const tick = 5
const noneFree = say`no connection free in ${patience / 1000} s`

/**
 * Sends requests at a rate that does not depend on how soon they are answered (open loop): what is due while all connections wait is late by that, and
 * is counted as late as it is. Otherwise a server that hangs would be asked less, and would look better than its clients see it.
 *
 * Resolves when the time is over and all that was sent has come out, or at once when the signal comes; what is under way then is not counted.
 */
export async function runLoad(
  { rate, askers, seconds = Number.POSITIVE_INFINITY }: LoadPlan,
  heard: Heard,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<void> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const began = now()
  const all = Math.round(seconds * rate)
  const free = [...askers]
  let made = 0
  let out = 0
  /** when those were due that wait for a connection, the oldest first */
  let waiting: number[] = []
  const settle = (outcome: Outcome) => {
    if (signal.aborted) return
    out++
    heard.outcome(outcome)
    if (out === all) end()
  }
  const begin = (asker: Asker, due: number) => {
    const ended = (why?: Label) => {
      settle({ due, ended: now(), ...(why === undefined ? {} : { why }) })
      free.push(asker)
      send()
    }
    asker.ask().then(
      () => ended(),
      (error: unknown) => ended(reasonOf(error)),
    )
  }
  const send = () => {
    if (signal.aborted) return
    const late = now() - patience
    const gone = waiting.findIndex((due) => due > late)
    const given = waiting.splice(0, gone < 0 ? waiting.length : gone)
    for (const due of given) settle({ due, ended: due + patience, why: noneFree })
    const count = Math.min(free.length, waiting.length)
    const begun = waiting.slice(0, count)
    waiting = waiting.slice(count)
    // Whoever has rested longest is next, so that all of them are used.
    for (const [i, asker] of free.splice(0, count).entries()) begin(asker, begun[i] ?? now())
  }
  const look = () => {
    const soFar = Math.min(all, Math.floor(((now() - began) * rate) / 1000) + 1)
    if (soFar > made) heard.due(soFar - made)
    for (; made < soFar; made++) waiting.push(began + (made * 1000) / rate)
    send()
  }
  const timer = setInterval(look, tick)
  const cut = () => end()
  signal.addEventListener('abort', cut, { once: true })
  look()
  if (signal.aborted) end()
  await over
  clearInterval(timer)
  signal.removeEventListener('abort', cut)
  for (const asker of askers) asker.close()
}

/** Without the name of who was asked, which is the same for all. */
function reasonOf(error: unknown): Label {
  if (error instanceof HostError) return error.reason
  return label(error instanceof Error ? error.message : String(error))
}
