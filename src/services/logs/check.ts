import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { type LogAsking, readFiles } from './client.ts'
import type { LogPlaces } from './facts.ts'
import { readJournalState } from './journald.ts'
import type { LogFile } from './parse.ts'
import { filesOf, isOfMany } from './places.ts'
import { refusedLog } from './refused.ts'
import { needsJournal, whereToRead } from './where.ts'

/** Milliseconds. */
const timeout = 8_000

/** Tells which logs of a host are read, and which are not, and why. */
export async function checkLogs(checks: Checks, shell: Shell, logs: readonly LogPlaces[]): Promise<void> {
  const asking = { host: checks.host.name, shell, timeout }
  for (const one of logs)
    await checks.attempt(
      say`what the log of ${label(one.source)} tells`,
      async () => await placeOf(asking, one),
      true,
    )
}

/** Where it is read. */
async function placeOf(asking: LogAsking, log: LogPlaces): Promise<Label> {
  const found = await readFiles(asking, log.files)
  const state = needsJournal([log], found) ? await readJournalState(asking) : undefined
  const { passedOver, inJournal } = whereToRead([log], found, state)
  const denied = found.denied.filter((path) => !passedOver.includes(path))
  const [refused] = [...denied, ...(state?.denied ?? [])]
  if (refused !== undefined) throw await refusedLog(asking, refused)
  if (inJournal.length && state?.mark !== undefined) return say`the journal of systemd (journalctl)`
  const of = log.files.map((place) => foundIn(place, found.files)).filter((one) => one !== undefined)
  if (!of.length) throw nowhere(asking.host, log.files)
  return joined(of, ', ')
}

/** What is found of a place; a machine that never ran has no log. */
function foundIn(place: string, files: readonly LogFile[]): Label | undefined {
  if (isOfMany(place)) return say`${label(place)}, ${filesOf(place, files).length} of them`
  return files.some(({ path }) => path === place) ? label(place) : undefined
}

function nowhere(host: string, files: readonly string[]): HostError {
  const all = files.length ? say`there is none of ${joined(files.map(label), ', ')}, and` : say`there is`
  const advice = say`let it write there: what comes and goes between two looks, or while nobody looks, is not known now`
  return new HostError('refused', host, say`${all} no journal of systemd`, advice)
}
