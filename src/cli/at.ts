import { existsSync } from 'node:fs'
import { Ties } from '../fleet/incident/ties.ts'
import { Journal } from '../fleet/journal/journal.ts'
import { journalFile, pastFile } from '../fleet/open.ts'
import { Past } from '../fleet/past/past.ts'
import { noCourses, type Then, thenOf } from '../fleet/past/then.ts'
import { label, say } from '../hosts/label.ts'
import { dateTime } from '../text/format.ts'
import { requireConfiguration } from './configured.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { warn } from './output.ts'

/**
 * How it was at a time of day, in milliseconds since the epoch, as a console or `vdd watch` has kept it: no host is asked. Which time that is, is said on
 * standard error.
 *
 * @throws {Failure} nothing is kept of then
 */
export function thenAt(globals: GlobalOptions, at: number): Then {
  if (globals.demo)
    throw new Failure(exit.config, say`the demo keeps nothing beyond itself: --at is of what consoles keep`)
  const { config } = requireConfiguration(globals)
  const file = pastFile(config)
  if (!existsSync(file))
    throw new Failure(
      exit.notFound,
      say`nothing is kept in ${label(file)}: a console or "vdd watch" does that, once a minute`,
    )
  const past = new Past(file, at)
  const { moment, skipped } = past.before(at, true)
  const oldest = moment ? undefined : past.after(at).moment
  past.close()
  if (skipped) warn(`vdd: ${skipped}`)
  if (!moment) {
    const first = oldest ? say`; the oldest is of ${dateTime(oldest.at)}` : say``
    throw new Failure(exit.notFound, say`nothing is kept of ${dateTime(at)}${first}`)
  }
  warn(`vdd: NOT NOW: how it was at ${dateTime(moment.at)}`)
  const journal = new Journal(journalFile(config), { waits: true })
  try {
    return thenOf(moment, { journal, history: noCourses }, new Ties(config.hosts))
  } finally {
    journal.close()
  }
}
