import { type Stamp, stampOf } from '../log-line.ts'

/** What became of the machine whose log it is. */
export interface MachineLine {
  readonly line: string
  readonly stamp: Stamp
  /** `failed`: it could not be started; `left`: it runs on another host now */
  readonly type: 'started' | 'failed' | 'left' | 'ended'
  /** in libvirt's word for it: virDomainRunningReason, virDomainShutoffReason */
  readonly reason: string
  /** QEMU was not ended by libvirt, but by this signal of somebody else */
  readonly signal?: string
}

const startingUp = /^: starting up\b/
const shuttingDown = /^: shutting down(?:, reason=([a-z][a-z -]{0,30}))?$/
const signalled = /^ \S{1,64}: terminating on (signal \d{1,3}(?: from pid \d{1,10} \(.{1,255}\))?)$/
/** `/usr/sbin/libvirtd`, `/usr/sbin/virtqemud` */
const byLibvirt = /\((?:\S*\/)?(?:libvirtd|virtqemud)\)$/

/**
 * What the log of a machine tells, in its order: docs/internals/libvirt.md, "What the log of a machine tells". What comes in from another host is told of by
 * the log of the host that it has left.
 */
export function parseLog(lines: readonly string[]): MachineLine[] {
  const told: MachineLine[] = []
  /** it waits for what another host, or a file, has of it */
  let isIncoming = false
  let ended: string | undefined
  let signal: string | undefined
  for (const [i, line] of lines.entries()) {
    const stamp = stampOf(line)
    if (!stamp) continue
    const text = line.slice(stamp.length)
    const [, by] = signalled.exec(text) ?? []
    if (by !== undefined) signal = byLibvirt.test(by) ? undefined : by
    if (startingUp.test(text)) {
      const isRestored = ended === 'saved'
      isIncoming = isIncomingBy(lines, i + 1)
      signal = undefined
      if (!isIncoming || isRestored)
        told.push({ line, stamp, type: 'started', reason: isIncoming ? 'restored' : 'booted' })
      if (isRestored) isIncoming = false
      ended = undefined
      continue
    }
    const end = shuttingDown.exec(text)
    if (!end) continue
    const [, reason = 'unknown'] = end
    const could = reason !== 'failed'
    // It was begun, and never ran.
    if (!could && !isIncoming && told.at(-1)?.type === 'started') told.pop()
    if (could || !isIncoming)
      told.push({
        line,
        stamp,
        type: could ? (reason === 'migrated' ? 'left' : 'ended') : 'failed',
        reason,
        ...(reason === 'shutdown' && signal !== undefined ? { signal } : {}),
      })
    ended = reason
  }
  return told
}

/** Whether the command that begins at this line has `-incoming`. Its lines end with a backslash, but for the last one. */
function isIncomingBy(lines: readonly string[], from: number): boolean {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] as string
    if (line.startsWith('-incoming ')) return true
    if (!line.endsWith('\\')) return false
  }
  return false
}
