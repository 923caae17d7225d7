import { createHash } from 'node:crypto'
import { quote } from '../../hosts/quote.ts'
import type { LogAsking } from './client.ts'
import { isCursor, type JournalPosition, type LogPlaces } from './facts.ts'
import { longestLine } from './parse.ts'

/** How the journal of systemd stands on a host. */
export interface JournalState {
  /** changes with each line that is written; none: there is none that may be read */
  readonly mark?: string
  /** journald runs: nothing reaches a syslog of this host that it has not had first */
  readonly isLive: boolean
  /** those of its files, or directories, that may not be read */
  readonly denied: readonly string[]
}

/** Where systemd-journald(8) keeps what it writes now: on the disk, or in memory. */
const files = '/var/log/journal/*/system.journal /run/log/journal/*/system.journal'

/** What journald listens to while it runs; with the host its directory goes. */
const socket = '/run/systemd/journal/dev-log'

/** How the journal stands: one process. journald touches its file with each line. */
export async function readJournalState({ shell, timeout }: LogAsking): Promise<JournalState> {
  const { stdout } = await shell.script(
    `for file in ${files}; do
  [ ! -e "$file" ] || [ -r "$file" ] || echo "denied $file"
done
for directory in /var/log/journal/* /run/log/journal/*; do
  [ ! -d "$directory" ] || [ -x "$directory" ] || echo "denied $directory"
done
[ ! -S ${socket} ] || echo live
stat -L -c 'at %i %s %y' -- ${files} 2>/dev/null`,
    timeout,
  )
  const lines = stdout.split('\n')
  const denied = lines.flatMap((line) => /^denied (\/[\x20-\x7e]{1,300})$/.exec(line)?.[1] ?? [])
  const stood = lines.filter((line) => line.startsWith('at '))
  const isLive = lines.includes('live')
  if (!stood.length || denied.length) return { isLive, denied }
  return { mark: createHash('sha256').update(stood.join('\n')).digest('hex').slice(0, 32), isLive, denied }
}

/** Lines and bytes that are read at once; with what surrounds it a line takes some 500 bytes. */
export const mostOfJournal = { lines: 1_000, bytes: 524_288 } as const

/** Lines of the journal as syslog would have written them, and up to where they are. */
interface JournalPiece {
  readonly lines: readonly string[]
  readonly to: JournalPosition
  /** there may be more */
  readonly isFull: boolean
}

/**
 * Reads on in the journal: what those have said who are called so, or some of it. Without a position the last lines are read. What the journal has thrown away since is not missed.
 *
 * @param since without a position, nothing older is read: seconds since the epoch by the clock of the host
 * @returns undefined: nothing is new
 */
export async function readJournal(
  { shell, timeout }: LogAsking,
  asked: readonly Pick<LogPlaces, 'called' | 'says'>[],
  position: JournalPosition | undefined,
  since?: number,
): Promise<JournalPiece | undefined> {
  const last = since === undefined ? ['-n', String(mostOfJournal.lines)] : [`--since=@${since}`]
  const from = position ? [`--after-cursor=${position.cursor}`] : last
  const fields = 'SYSLOG_IDENTIFIER,SYSLOG_PID,_PID,_HOSTNAME,MESSAGE,_SOURCE_REALTIME_TIMESTAMP'
  const words = [
    ...['journalctl', '-q', '--no-pager', '-o', 'json', `--output-fields=${fields}`],
    ...from,
    ...matchesOf(asked),
  ]
  const { lines: most, bytes } = mostOfJournal
  const { stdout } = await shell.bytes(
    ['eval', `{ ${quote(words)} | head -n ${most} | head -c ${bytes}; } 2>/dev/null`],
    timeout,
  )
  const text = stdout.subarray(0, bytes).toString('utf8')
  // A line that was cut is read again.
  const whole = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
  const read = whole.map(parseEntry)
  const cursor = read.findLast((one) => one.cursor !== undefined)?.cursor
  if (cursor === undefined) return undefined
  return {
    lines: read.flatMap(({ line }) => line ?? []),
    to: { cursor },
    isFull: whole.length >= most || stdout.length >= bytes,
  }
}

/** What journald has an index of, so that it costs the same however many lines there are: journalctl(1), `+`. */
function matchesOf(asked: readonly Pick<LogPlaces, 'called' | 'says'>[]): string[] {
  return asked.flatMap(({ called, says = [] }, i) => [
    ...(i ? ['+'] : []),
    ...called.map((name) => `SYSLOG_IDENTIFIER=${name}`),
    ...says.map((text) => `MESSAGE=${text}`),
  ])
}

/** A line of `journalctl -o json`, as `-o short-iso-precise` has it in UTC; without what is no text, too long, or has no time. */
export function parseEntry(text: string): { readonly cursor?: string; readonly line?: string } {
  const entry = objectIn(text)
  const field = (name: string) => textOf(entry[name])
  const cursor = field('__CURSOR')
  if (cursor === undefined || !isCursor(cursor)) return {}
  const [host, name, message] = [field('_HOSTNAME'), field('SYSLOG_IDENTIFIER'), field('MESSAGE')]
  const time = timeOf(field('_SOURCE_REALTIME_TIMESTAMP') ?? field('__REALTIME_TIMESTAMP'))
  if (!host || !name || message === undefined || time === undefined) return { cursor }
  const pid = field('SYSLOG_PID') ?? field('_PID')
  const line = `${time} ${host} ${name}${pid === undefined ? '' : `[${pid}]`}: ${message.replace(/[\r\n]+/g, ' ')}`
  return line.length > longestLine ? { cursor } : { cursor, line }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** What is no UTF-8 is a list of bytes, what several values have a list of them, of which the first counts; what is too long is null. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  if (typeof value[0] === 'string') return value[0]
  return value.every((one) => Number.isInteger(one)) ? Buffer.from(value).toString('utf8') : undefined
}

/** Microseconds since the epoch, as a line begins with its time. */
function timeOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  const micros = text.padStart(7, '0')
  const seconds = new Date(Number(micros.slice(0, -6)) * 1000)
  return `${seconds.toISOString().slice(0, 19)}.${micros.slice(-6)}+0000`
}
