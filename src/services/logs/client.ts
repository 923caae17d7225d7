import { createHash } from 'node:crypto'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { quote } from '../../hosts/quote.ts'
import type { Shell } from '../../hosts/shell.ts'
import { zoneOffset } from '../../text/zone-offset.ts'
import { fixedZone, namedZone, type Zone } from '../log-time.ts'
import { type HostTime, type LogFile, parseFiles, parseTime } from './parse.ts'
import { forShell } from './places.ts'

/** What is asked of a host, by whom, and with how much patience, in milliseconds. */
export interface LogAsking {
  readonly host: string
  readonly shell: Shell
  readonly timeout: number
}

/**
 * The time of a host by its own clock.
 *
 * @throws {HostError} refused: it has no `date` that says it
 */
export async function readTime({ host, shell, timeout }: LogAsking): Promise<HostTime> {
  const { stdout } = await shell.run(['date', '+%s.%N'], timeout)
  const time = parseTime(stdout)
  if (!time) throw new HostError('refused', host, say`its time cannot be read: date +%s.%N`)
  return time
}

/** In which zone its logs are written. */
export async function readZone({ shell, timeout }: LogAsking): Promise<Zone> {
  const { stdout } = await shell.script('date +%z; readlink -f /etc/localtime', timeout)
  const [offset = '', path = ''] = stdout.split('\n')
  return zoneOf(zoneOffset(offset), path)
}

/** Where a zone is linked to says its name, `/usr/share/zoneinfo/Europe/Rome`, by which summer times are known. Else it is what it is now. */
function zoneOf(offset: number, path: string): Zone {
  const [, name] = /\/zoneinfo\/(?:posix\/)?([A-Za-z0-9_+/-]{1,60})$/.exec(path) ?? []
  try {
    return name === undefined ? fixedZone(offset) : namedZone(name)
  } catch {
    return fixedZone(offset)
  }
}

const stat = `stat -L -c 'file %i %s %Y %n' --`

/** How the logs of these places stand; one process, however many they are. What is not there is left out. A directory whose files are to be found has to be readable, too. */
export async function readFiles({ shell, timeout }: LogAsking, places: readonly string[]) {
  const words = places.map(forShell).join(' ')
  const { stdout } = await shell.script(
    `${stat} ${words} 2>/dev/null
for file in ${words}; do
  at=$file; right=-x
  while [ ! -e "$at" ] && [ -n "$at" ]; do at=\${at%/*}; done
  [ "$at" != "$file" ] || right=-r
  case $file in "$at"/*'*'*) right=-r;; esac
  [ ! -e "$at" ] || { [ $right "$at" ] && { [ ! -d "$at" ] || [ -x "$at" ]; }; } || echo "denied $file"
done`,
    timeout,
  )
  return parseFiles(stdout)
}

/** Files that a log was rotated into, the newest first; the log itself is not among them. */
export async function readRotated({ shell, timeout }: LogAsking, path: string): Promise<LogFile[]> {
  const name = quote([path])
  const { stdout } = await shell.script(`${stat} ${name}.* ${name}-* 2>/dev/null | head -n 200`, timeout)
  return (
    parseFiles(stdout)
      .files.filter(({ path: other }) => /^[.-]\d[\w.-]{0,40}$/.test(other.slice(path.length)))
      // Another machine may be called so, and this is its log.
      .filter(({ path: other }) => !other.endsWith('.log') || !path.endsWith('.log'))
      .sort((a, b) => b.written - a.written)
  )
}

/** Bytes by whose hash a file is known: a line with its time. */
const headBytes = 256
/** Bytes and lines that are read at once. */
export const most = { bytes: 65_536, lines: 5_000 } as const

/** How a packed file is read, by how its name ends. */
const unpackers: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz', zst: 'zstd' }

export function isPacked(path: string): boolean {
  return unpackers[path.slice(path.lastIndexOf('.') + 1)] !== undefined
}

/** A command that says the file from a byte on. */
function from(path: string, offset: number): string {
  const unpacker = unpackers[path.slice(path.lastIndexOf('.') + 1)]
  const tail = `tail -c +${offset + 1}`
  return unpacker ? `${unpacker} -dc -- ${quote([path])} | ${tail}` : `${tail} -- ${quote([path])}`
}

/** A piece of a file, and how it begins. */
export async function readPiece({ shell, timeout }: LogAsking, path: string, offset: number) {
  const run = (text: string) => shell.bytes(['eval', `{ ${text}; } 2>/dev/null`], timeout)
  const [head, piece] = await Promise.all([
    run(`${from(path, 0)} | head -c ${headBytes}`),
    run(`${from(path, offset)} | head -c ${most.bytes} | head -n ${most.lines}`),
  ])
  // A host may say more than it was asked for.
  return { head: head.stdout.subarray(0, headBytes), piece: piece.stdout.subarray(0, most.bytes) }
}

/** How a file begins. */
export async function readHead({ shell, timeout }: LogAsking, path: string): Promise<Buffer> {
  const { stdout } = await shell.bytes(
    ['eval', `{ ${from(path, 0)} | head -c ${headBytes}; } 2>/dev/null`],
    timeout,
  )
  return stdout.subarray(0, headBytes)
}

/** So that lines of logs need not be kept to know a file again. */
export function hashOf(head: Buffer): string {
  return createHash('sha256').update(head).digest('hex').slice(0, 32)
}
