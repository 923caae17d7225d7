import { setTimeout as sleep } from 'node:timers/promises'
import { orAborted } from '../../../hosts/abort.ts'
import type { InnerDisplay } from '../x11/inner.ts'
import { ChannelFailure } from './failure.ts'
import type { Machine } from './machine.ts'
import type { Session } from './session.ts'
import type { XServer } from './x-server.ts'

/** Milliseconds between two looks, and after which a session without a window manager counts as standing. */
const times = { look: 40, noManager: 4_000 } as const

/** What a session consists of while it starts. */
interface Starting {
  /** its name, for errors */
  readonly name: string
  readonly machine: Machine
  readonly session: Session
  readonly server: XServer
  readonly inner: InnerDisplay
  readonly now: () => number
}

/**
 * Waits until a session has a window manager, or has shown by its age that it stands without one.
 *
 * @throws {ChannelFailure} `session-ended`, `no-room`, `server-failed`, `cancelled`
 */
export async function untilStands(starting: Starting, signal: AbortSignal): Promise<void> {
  const { session, server } = starting
  const ended = session.ended.then(async ({ code }) => Promise.reject(await whyEnded(starting, code)))
  const gone = server.ended.then((words) => {
    const last = words.trim().slice(0, 300) || 'it said nothing'
    throw new ChannelFailure('server-failed', `the X server ended: ${last}`)
  })
  const first = Promise.race([hasManager(starting, signal), ended, gone])
  // Those that lose are heard by nobody.
  for (const one of [ended, gone]) one.catch(() => {})
  await orAborted(first, signal).catch((error) => {
    throw signal.aborted ? new ChannelFailure('cancelled', 'taken back') : error
  })
}

async function hasManager({ inner, now }: Starting, signal: AbortSignal): Promise<void> {
  const began = now()
  while (now() - began < times.noManager) {
    if (await inner.hasManager()) return
    await sleep(times.look, undefined, { signal })
  }
}

/** What xauth says to everybody who is there for the first time. */
const harmless = /^.*xauth: +file \S+ does not exist\s*$/gm
const noRoom = /No space left|Disk quota|unable to create X session log|unable to write authority file/i

async function whyEnded({ name, machine, session }: Starting, code: number | null): Promise<ChannelFailure> {
  const words =
    session.words.replaceAll(harmless, '').trim() || (await machine.lastWords().catch(() => '')).trim()
  const last = words.split('\n').slice(-3).join('; ') || 'it said nothing'
  return new ChannelFailure(
    noRoom.test(words) ? 'no-room' : 'session-ended',
    `the session ended at once${code ? ` with status ${code}` : ''}: ${last}`,
    `see ~/.xsession-errors on ${name}`,
  )
}
