import { constants, open } from 'node:fs/promises'

/** What stands in a file that anybody may have made, and whose it is. */
interface OthersFile {
  readonly text: string
  readonly uid: number
  /** when it was last changed, in milliseconds since the epoch: by the kernel's word, which its owner cannot set */
  readonly changedAt: number
}

/**
 * Reads a file where everybody may write: a link is not followed, a pipe is not waited for, and no more is read than it may have.
 *
 * @param most bytes
 * @returns undefined: there is none, or it is none of a kind that is read
 */
export async function readOthers(path: string, most: number): Promise<OthersFile | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined)
  if (!file) return undefined
  try {
    const stats = await file.stat()
    if (!stats.isFile()) return undefined
    // It may grow while it is read.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most + 1), 0, most + 1, 0)
    if (bytesRead > most) return undefined
    const { uid, ctimeMs: changedAt } = stats
    return { text: buffer.toString('utf8', 0, bytesRead), uid, changedAt }
  } catch {
    // What a person has mounted there may say what it likes.
    return undefined
  } finally {
    await file.close().catch(() => {})
  }
}
