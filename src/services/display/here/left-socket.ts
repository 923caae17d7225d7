import { lstat, rm } from 'node:fs/promises'
import { dial } from '../../../hosts/dial.ts'
import { socketOf } from '../x11/inner.ts'

/** Milliseconds in which whoever listens takes a connection. */
const patience = 2000

/**
 * Takes away the socket of an X server of one's own that was killed: it would be shown as a display for ever. One on which somebody listens stays, and one of
 * somebody else does.
 */
export async function removeLeftSocket(display: number, path = socketOf(display)): Promise<void> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats?.isSocket() || stats.uid !== process.getuid?.()) return
  try {
    const socket = await dial({ path }, AbortSignal.timeout(patience))
    socket.destroy()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') await rm(path, { force: true })
  }
}
