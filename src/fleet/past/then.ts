import type { Courses } from '../history/history.ts'
import { Incidents, incidentTypes, mostEntries } from '../incident/incidents.ts'
import type { Incident } from '../incident/record.ts'
import type { Ties } from '../incident/ties.ts'
import type { Entry, Journal } from '../journal/journal.ts'
import type { Wanted } from '../journal/wanted.ts'
import type { Snapshot } from '../snapshot.ts'
import type { PastMoment } from './moment.ts'

/** How it was at a moment that was kept, with what had happened by then. Nothing of now is in it. */
export interface Then extends PastMoment {
  readonly snapshot: Snapshot
  readonly history: Courses
}

/** Where nobody has watched. */
export const noCourses: Courses = { of: () => ({ minutes: [], since: () => [] }) }

/** @param ties of nobody else: they learn of what they are shown */
export function thenOf(
  moment: PastMoment,
  { journal, history }: { readonly journal: Journal; readonly history: Courses },
  ties: Ties,
): Then {
  const snapshot = { ...moment.snapshot, incidents: incidentsUntil(moment.at, journal, ties), drills: [] }
  return { ...moment, snapshot, history: coursesUntil(moment.now, history) }
}

/** The entries that a console had at a time of day, newest first. What logs told only later, nobody knew then. */
export function entriesUntil(
  at: number,
  journal: Journal,
  most: number,
  wanted: Wanted = {},
): readonly Entry[] {
  const until = Math.min(at, wanted.until ?? at)
  return journal
    .latest(most, undefined, { ...wanted, until })
    .filter(({ at: happened, seenAt = happened }) => seenAt <= at)
}

function incidentsUntil(at: number, journal: Journal, ties: Ties): readonly Incident[] {
  const incidents = new Incidents(ties)
  incidents.take(entriesUntil(at, journal, mostEntries, { types: incidentTypes }))
  return incidents.list
}

/** Of what is long ago there are only the minutes. */
function coursesUntil(now: number, history: Courses): Courses {
  return {
    of: (metric, address) => {
      const course = history.of(metric, address)
      const minutes = () => course.minutes.filter(({ at }) => at <= now)
      return {
        get minutes() {
          return minutes()
        },
        since: (from) => minutes().filter(({ at }) => at >= from),
      }
    },
  }
}
