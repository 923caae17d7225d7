import { closeSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * Lets go of the standard files that a process was given, as daemon(7) has it: whoever reads its output to the end has that now. Another process may
 * hold the same pipe (a wrapper, a shell); so Node is told first to look at it no more. Closing alone leaves it in the set of epoll(7), which then tells
 * without pause of the end of a file that nobody here has.
 */
export function leaveOpener(): void {
  // The types know terminals alone. A file is in no such set, and would be closed later, when its number is that of another.
  const stdin: Readable = process.stdin
  if (stdin instanceof Socket) stdin.destroy()
  else stdin.pause()
  for (const fd of [0, 1, 2]) {
    closeSync(fd)
    // The lowest free descriptor is the one that was just closed: open(2).
    openSync('/dev/null', fd ? 'w' : 'r')
  }
}
