import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { type LogAsking, readFiles } from './client.ts'
import type { LogPlaces } from './facts.ts'
import { readJournalState } from './journald.ts'
import { refusedLog } from './refused.ts'

/** Milliseconds. */
const timeout = 8_000

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
        if (!found.files.length) return await inJournal(asking, files)
        return joined(
          found.files.map(({ path }) => label(path)),
          ', ',
        )
      },
      true,
    )
}

/** What no file has the journal of systemd may have. */
async function inJournal(asking: LogAsking, files: readonly string[]): Promise<Label> {
  const { mark, denied } = await readJournalState(asking)
  const [refused] = denied
  if (refused !== undefined) throw await refusedLog(asking, refused)
  if (mark === undefined) throw nowhere(asking.host, files)
  return say`the journal of systemd (journalctl)`
}

function nowhere(host: string, files: readonly string[]): HostError {
  const all = joined(files.map(label), ', ')
  const advice = say`let it write there: what comes and goes between two looks, or while nobody looks, is not known now`
  return new HostError('refused', host, say`there is none of ${all}, and no journal of systemd`, advice)
}
