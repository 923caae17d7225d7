import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { type HostTime, parseTime } from './parse.ts'

/** What is asked of a host, by whom, and with how much patience, in milliseconds. */
interface LogAsking {
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
