import {
  hashOf,
  isPacked,
  type LogAsking,
  most,
  readFiles,
  readHead,
  readPiece,
  readRotated,
} from './client.ts'
import type { FilePosition } from './facts.ts'
import { type LogFile, linesOf } from './parse.ts'

/** The next piece of a log, and up to where it is read then. */
interface Piece {
  readonly lines: readonly string[]
  readonly to: FilePosition
  /** it is in the log itself, which is still written, and not in what it was rotated into */
  readonly isCurrent: boolean
  readonly gap?: 'rotated' | 'truncated'
}

/** Bytes that are read of a log at first, from its end. */
const usuallyAtFirst = 1_048_576
/** Files that a log was rotated into that are looked at for the one that was read last. */
const mostRotated = 30

/**
 * Reads on in a log from where it was read last, whatever was done to it since: renamed, packed, copied and truncated. What it was rotated into is read to its
 * end, then what came after it, and the log itself last.
 *
 * @param seen the log as it stood a moment ago; undefined: there was none
 * @returns undefined: nothing is new
 */
export async function nextPiece(
  asking: LogAsking,
  path: string,
  seen: LogFile | undefined,
  position: FilePosition | undefined,
  atFirst = usuallyAtFirst,
): Promise<Piece | undefined> {
  const current = await upToDate(asking, seen, position)
  if (!position) {
    const offset = Math.max(0, (current?.size ?? 0) - atFirst)
    return current?.size ? await pieceOf(asking, current, { offset, isInLine: offset > 0 }, true) : undefined
  }
  if (current && current.inode === position.inode && current.size >= position.offset) {
    if (current.size === position.offset && current.written === position.written) return undefined
    const piece = await pieceOf(asking, current, position, true)
    if (!piece || piece.begins(position)) return piece?.isNew ? piece : undefined
  }
  return await afterRotation(asking, path, current, position)
}

/** It may have grown since, and have been read further, by this console or another one: what is shorter than what was read of it is looked at again before it is taken for emptied. */
async function upToDate(
  asking: LogAsking,
  seen: LogFile | undefined,
  position: FilePosition | undefined,
): Promise<LogFile | undefined> {
  if (!seen || seen.inode !== position?.inode || seen.size >= position.offset) return seen
  const { files } = await readFiles(asking, [seen.path])
  return files[0]
}

async function afterRotation(
  asking: LogAsking,
  path: string,
  current: LogFile | undefined,
  position: FilePosition,
): Promise<Piece | undefined> {
  const rotated = (await readRotated(asking, path)).filter(({ size }) => size > 0).slice(0, mostRotated)
  // The newest first.
  const files = [...(current?.size ? [current] : []), ...rotated]
  for (const [i, file] of files.entries()) {
    const head = await readHead(asking, file.path)
    if (!begins(head, position)) continue
    const offset = isPacked(file.path) ? position.offset : Math.min(file.size, position.offset)
    const piece = await pieceOf(asking, file, { ...position, offset }, file === current)
    if (piece?.isNew) return piece
    const next = files[i - 1]
    return next && (await pieceOf(asking, next, beginning, next === current))
  }
  // It is gone: what was written since is read, as far as it is kept.
  const next =
    files.filter(({ written }) => written > position.written).at(-1) ?? (current?.size ? current : undefined)
  const piece = next && (await pieceOf(asking, next, beginning, next === current))
  const gap = current?.inode === position.inode ? ('truncated' as const) : ('rotated' as const)
  return piece && { ...piece, gap }
}

const beginning = { offset: 0, isInLine: false } as const

function begins(head: Buffer, position: FilePosition): boolean {
  const { headLength } = position
  return head.length >= headLength && hashOf(head.subarray(0, headLength)) === position.head
}

/** Undefined: it cannot be read. */
async function pieceOf(
  asking: LogAsking,
  file: LogFile,
  { offset, isInLine }: Pick<FilePosition, 'offset' | 'isInLine'>,
  isCurrent: boolean,
): Promise<(Piece & { readonly isNew: boolean; begins(position: FilePosition): boolean }) | undefined> {
  const { head, piece } = await readPiece(asking, file.path, offset)
  if (!head.length) return undefined
  const isWhole = piece.length < most.bytes
  const cut = linesOf(piece, isInLine, !isCurrent && isWhole)
  return {
    lines: cut.lines,
    to: {
      inode: file.inode,
      head: hashOf(head),
      headLength: head.length,
      offset: offset + cut.used,
      isInLine: cut.isInLine,
      written: file.written,
    },
    isCurrent,
    isNew: cut.used > 0,
    begins: (position) => begins(head, position),
  }
}
