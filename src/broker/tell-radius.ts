import { hostname } from 'node:os'
import type { AccountingServer } from '../config/desk.ts'
import { FileError, readSecret } from '../config/secret.ts'
import type { DeskBook } from '../fleet/journal/desk-book.ts'
import { insert } from '../fleet/journal/entries.ts'
import {
  beginTelling,
  countUntold,
  endTelling,
  nextUntold,
  noteSilence,
  type UntoldLine,
  writeTold,
} from '../fleet/journal/sessions-told.ts'
import { whyOf } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { AccountingRecord, TerminateCause } from '../services/radius/accounting.ts'
import { tellAccounting } from '../services/radius/client.ts'
import type { RadiusSettings } from '../services/radius/facts.ts'
import { overUdp } from '../services/radius/wire.ts'
import { duration } from '../text/duration.ts'

/** Of one run: milliseconds, lines, and people of whom a line was not taken, after whom the servers count as not there. */
export const bounds = { time: 10_000, lines: 500, silences: 3 } as const

interface TellOptions {
  readonly book: DeskBook
  readonly servers: readonly AccountingServer[]
  readonly signal: AbortSignal
  /** the name of this display server */
  readonly self?: string
  /** milliseconds since the epoch */
  readonly now?: () => number
}

/** What came of a run: lines of the account that were taken, and those that are left; `trouble`: why the last one was not taken that was not. */
interface ToldRadius {
  readonly told: number
  readonly left: number
  readonly trouble?: Label
}

/** A server, and its name for people. */
interface Reached {
  readonly host: string
  readonly settings: RadiusSettings
}

/**
 * Tells the RADIUS servers what they have not been told of the sessions, oldest first, in a bounded time. A line that is taken is marked at once; of
 * one that is not, nobody knows whether a server has it: it is told again another time, with the same id. What the same person did after it waits as
 * long, so that nobody is told an end before its beginning, and a line that no server will ever take keeps nobody else's.
 *
 * @throws the journal cannot be written
 */
export async function tellRadius(options: TellOptions): Promise<ToldRadius> {
  const { book, now = Date.now } = options
  const none = { told: 0, left: countUntold(book.db) }
  if (!none.left) return none
  const until = book.transaction(() => beginTelling(book.db, now(), bounds.time))
  // Another one tells them at this moment.
  if (until === undefined) return none
  try {
    const { told, trouble } = await tellAll(options)
    const result = { told, left: countUntold(book.db), ...(trouble === undefined ? {} : { trouble }) }
    note(options, result)
    return result
  } finally {
    endTelling(book.db, until)
  }
}

/** Each terminal has a broker that tells, all day: the journal has the first that fails, and the first after it that has told all. */
function note({ book, now = Date.now }: TellOptions, { left, trouble }: ToldRadius): void {
  // Given up halfway, nothing is known.
  if (left > 0 && trouble === undefined) return
  const at = now()
  book.transaction(() => {
    const news = noteSilence(book.db, left > 0, at)
    if (!news) return
    const isSilent = left > 0 && trouble !== undefined
    const text = isSilent
      ? say`no RADIUS server takes the accounting of sessions: ${trouble}; it is kept, and told when one does`
      : say`the RADIUS servers have been told of all sessions again, after ${duration(at - news.since)}`
    const severity = isSilent ? 'warning' : 'info'
    insert(book.db, { at, kind: 'did', severity, host: 'desk', who: label('desk'), text }, '')
  })
}

async function tellAll(options: TellOptions): Promise<Omit<ToldRadius, 'left'>> {
  const { book, now = Date.now, self = hostname() } = options
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(bounds.time)])
  const { servers, trouble: unread } = reachedOf(options.servers)
  let trouble = unread
  let told = 0
  const silent: number[] = []

  /** The server that has taken it; the first one that may is asked first the next time, too. */
  async function taker(line: UntoldLine): Promise<Reached | undefined> {
    for (const _ of [...servers]) {
      const [server] = servers
      if (!server || signal.aborted) return undefined
      try {
        await tellAccounting({ ...server, wire: overUdp, signal }, recordOf(line, self), now())
        return server
      } catch (error) {
        if (signal.aborted) return undefined
        trouble = whyOf(error)
        servers.push(...servers.splice(0, 1))
      }
    }
    return undefined
  }

  for (let behind = 0; servers.length && told < bounds.lines && silent.length < bounds.silences; ) {
    const line = nextUntold(book.db, behind, silent)
    if (!line) break
    const server = await taker(line)
    if (signal.aborted && !server) break
    if (server) {
      writeTold(book.db, line.id, { at: now(), server: server.host, isNext: !silent.length })
      told++
    } else silent.push(line.uid)
    behind = line.id
  }
  return { told, ...(trouble === undefined ? {} : { trouble }) }
}

/** Those whose secret can be read; `trouble`: why one of the others cannot. */
function reachedOf(configured: readonly AccountingServer[]): { servers: Reached[]; trouble?: Label } {
  const servers: Reached[] = []
  let trouble: Label | undefined
  for (const { address, port, secretFile } of configured)
    try {
      servers.push({
        host: `${address} port ${port}`,
        settings: { address, port, secret: readSecret(secretFile) },
      })
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      trouble = say`${label(error.message)} (${label(error.advice)})`
    }
  return { servers, ...(trouble === undefined ? {} : { trouble }) }
}

const statuses = { start: 'start', alive: 'interim', end: 'stop' } as const

/** The person ended it; its connection was lost; it never began. */
const causes: Readonly<Record<NonNullable<UntoldLine['how']>, TerminateCause>> = {
  closed: 'user-request',
  ended: 'user-request',
  lost: 'lost-carrier',
  'terminal-lost': 'lost-carrier',
  silent: 'lost-carrier',
  refused: 'service-unavailable',
}

/** A channel of the same name is another session when it begins at another time. */
function recordOf(line: UntoldLine, server: string): AccountingRecord {
  const { what, channel, who, terminal, machine, at, startedAt, how } = line
  return {
    status: statuses[what],
    id: `${channel}-${startedAt}`,
    user: who,
    server,
    terminal,
    machine,
    at,
    startedAt,
    ...(how ? { cause: causes[how] } : {}),
  }
}
