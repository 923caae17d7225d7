import { type Label, say } from '../../hosts/label.ts'
import type { LogEvent, LogTimes } from '../../services/log-line.ts'
import type { ServerLine } from '../../services/server-line.ts'

/** Reads the lines of a server of which the log tells when it began and when it was ended. */
export function serverLog(
  name: Label,
  parse: (line: string) => ServerLine | undefined,
): (line: string, times: LogTimes) => LogEvent | undefined {
  return (line, times) => {
    const found = parse(line)
    const time = found && times.of(found.stamp)
    if (!time) return undefined
    return found.type === 'started'
      ? { ...time, type: 'server.started', severity: 'info', text: say`${name} started` }
      : { ...time, type: 'server.stopped', severity: 'warning', text: say`${name} stopped` }
  }
}
