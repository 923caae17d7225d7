import { setTimeout as pause } from 'node:timers/promises'
import { dial } from '../hosts/dial.ts'

/** Where it listens. */
export interface SshdPlace {
  readonly host: string
  readonly port: number
}

/** Milliseconds for one attempt, and between two. */
const pace = { attempt: 4_000, pause: 500 } as const
/** Bytes that may come before the line with which sshd tells its version: RFC 4253, 4.2. */
const mostBefore = 8_192

/** Whether an sshd is there: what listens says `SSH-` at the beginning of a line. */
async function greets(place: SshdPlace, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(pace.attempt)])
  const socket = await dial(place, within)
  try {
    within.addEventListener('abort', () => socket.destroy())
    let said = ''
    for await (const piece of socket) {
      said += (piece as Buffer).toString('latin1')
      if (/(^|\n)SSH-/.test(said)) return true
      if (said.length > mostBefore) return false
    }
    return false
  } finally {
    socket.destroy()
  }
}

/** Waits until the sshd of a machine that boots is there, for so many milliseconds at most. False: it is not. */
export async function awaitSshd(place: SshdPlace, patience: number, signal: AbortSignal): Promise<boolean> {
  return await awaitIt(() => greets(place, signal), patience, signal)
}

/** The same, for whatever is there or not; a question that fails is a no. */
export async function awaitIt(
  isThere: () => Promise<boolean>,
  patience: number,
  signal: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + patience
  while (!signal.aborted) {
    if (await isThere().catch(() => false)) return true
    const left = end - performance.now()
    if (left <= 0) return false
    await pause(Math.min(pace.pause, left), undefined, { signal }).catch(() => {})
  }
  return false
}
