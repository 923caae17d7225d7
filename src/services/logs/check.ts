import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { joined, label, say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { readFiles } from './client.ts'
import { refusedLog } from './refused.ts'

/** Milliseconds. */
const timeout = 8_000

/** Who writes a log, and where it may be. */
interface LogPlaces {
  readonly source: string
  readonly files: readonly string[]
}

/** Tells which logs of a host are read, and which are not, and why. */
export async function checkLogs(checks: Checks, shell: Shell, logs: readonly LogPlaces[]): Promise<void> {
  const asking = { host: checks.host.name, shell, timeout }
  for (const { source, files } of logs)
    await checks.attempt(
      say`what the log of ${label(source)} tells`,
      async () => {
        const found = await readFiles(asking, files)
        const [refused] = found.denied
        if (refused !== undefined) throw await refusedLog(asking, refused)
        if (!found.files.length) throw nowhere(asking.host, files)
        return joined(
          found.files.map(({ path }) => label(path)),
          ', ',
        )
      },
      true,
    )
}

function nowhere(host: string, files: readonly string[]): HostError {
  const all = joined(files.map(label), ', ')
  const advice = say`let it write there: what comes and goes between two looks, or while nobody looks, is not known now`
  return new HostError('refused', host, say`there is none of ${all}`, advice)
}
