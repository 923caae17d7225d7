import type { DisplayRecord, DisplayServerRecord } from '../../src/fleet/display/record.ts'
import { displayRecord } from '../../src/fleet/display/record.ts'
import type { Display, Login } from '../../src/services/display/facts.ts'
import { parseSight } from '../../src/services/display/parse.ts'
import type { loggedIn, seen } from './sight.ts'
import { sight } from './sight.ts'

type Told = Parameters<typeof sight>

/** What display servers tell, read by a console whose clock is theirs. */
export function displaysOf(...told: Told): readonly Display[] {
  const read = parseSight(JSON.stringify(sight(...told)), () => (theirs) => theirs)
  if ('wrong' in read) throw new Error(read.wrong)
  return read.displays
}

/** The text sessions of which a display server tells. */
export function logins(...all: readonly ReturnType<typeof loggedIn>[]): readonly Login[] {
  const read = parseSight(JSON.stringify(sight([], { logins: [...all] })), () => (theirs) => theirs)
  if ('wrong' in read) throw new Error(read.wrong)
  return read.logins ?? []
}

/** The records of these channels on `d1`. */
export function channels(...all: ReturnType<typeof seen>[]): readonly DisplayRecord[] {
  return displaysOf(all).map((one) => displayRecord('d1', one))
}

/** A display server that told of these at 10 000. */
export function displayServer(
  displays: readonly DisplayRecord[],
  given: Partial<DisplayServerRecord> = {},
): DisplayServerRecord {
  return { host: 'd1', displays, reading: { at: 10_000, faults: [], left: 0 }, ...given }
}
