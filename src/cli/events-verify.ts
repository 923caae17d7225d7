import type { Journal, Verified } from '../fleet/journal/journal.ts'
import { whyOf } from '../hosts/host.ts'
import { type Label, say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'
import { json, print } from './output.ts'

/**
 * Holds every entry of the journal against its hash, and says the first that does not fit.
 *
 * @returns the exit status
 * @throws {Failure} the journal cannot be read
 */
export function verifyJournal(journal: Journal, asJson: boolean): number {
  if (journal.trouble) throw new Failure(exit.failed, journal.trouble)
  const found = verified(journal)
  if (asJson) print(json({ ...found, fault: found.fault ?? null }))
  else for (const line of linesOf(found)) print(line)
  return found.fault ? exit.failed : exit.ok
}

function verified(journal: Journal): Verified {
  try {
    return journal.verify()
  } catch (error) {
    throw new Failure(exit.failed, say`the journal cannot be read: ${whyOf(error)}`)
  }
}

function linesOf({ entries, older, head, fault }: Verified): Label[] {
  const rest = older ? [say`${older} are from before there were hashes: of these nothing is known`] : []
  if (fault)
    return [say`entry ${fault.id}: ${fault.why}; the ${entries} before it are as they were written`, ...rest]
  const last = head.hash ? [say`the last is ${head.id}, SHA-256 ${head.hash as Label}`] : []
  return [say`all ${entries} entries are as they were written`, ...last, ...rest]
}
