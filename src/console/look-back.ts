import type { Found } from '../fleet/past/past.ts'
import { wallTime } from '../hosts/clock.ts'
import { label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import { momentForms, momentFrom } from '../text/moment.ts'
import type { Argument } from './arguments.ts'
import type { Command } from './command.ts'
import { cannotShow, toNow } from './not-now.ts'
import type { ConsoleState } from './state.ts'

const minute = 60_000
const hour = 60 * minute

/** Shows what was found, if anything was; says what was passed over. */
function show(console: ConsoleState, { moment, skipped }: Found): boolean {
  if (skipped) console.tell(skipped, 'bad')
  if (!moment) return false
  try {
    console.lookAt(console.fleet.asOf(moment))
    return true
  } catch (error) {
    cannotShow(console, error)
    return true
  }
}

/** By one of those that are kept, or by so many milliseconds at least. */
function step(console: ConsoleState, by: number): void {
  const { past } = console.fleet
  if (!past) return console.tell(say`nothing is kept here to look back at`, 'bad')
  const now = wallTime(console.fleet.now())
  const at = console.past?.at ?? now
  const isMinute = Math.abs(by) <= minute
  if (by > 0) {
    if (!console.past) return console.tell(say`it is now: < shows how it was before`, 'bad')
    if (!show(console, isMinute ? past.after(at) : past.after(at + by, true))) toNow(console)
    return
  }
  if (show(console, isMinute ? past.before(at) : past.before(at + by, true))) return
  // An hour is more than is left: the first of all.
  if (!isMinute && show(console, oldestBefore(past.after(0, true), at))) return
  if (console.notice) return
  console.tell(
    past.trouble ?? (console.past ? say`nothing older is kept` : say`nothing is kept yet: once a minute`),
    'bad',
  )
}

function oldestBefore(found: Found, at: number): Found {
  return found.moment && found.moment.at < at ? found : {}
}

/** A time of day, or how long ago. */
const time: Argument = {
  names: () => [],
  isNeeded: true,
  run: (console, named) => {
    const { past } = console.fleet
    const at = momentFrom(named, wallTime(console.fleet.now()))
    if (!past) return say`nothing is kept here to look back at`
    if (at === undefined) return say`a time: ${label(momentForms)}`
    const before = past.before(at, true)
    const found = before.moment ? before : past.after(at)
    if (!show(console, found)) return past.trouble ?? say`nothing is kept yet: once a minute`
    const off = Math.abs((console.past?.at ?? at) - at)
    if (off > 2 * minute)
      console.tell(
        say`the nearest that is kept is ${duration(off)} ${before.moment ? say`before` : say`after`} that`,
      )
    return undefined
  },
}

const isBack = ({ past }: ConsoleState) => past !== undefined

/** What leads back in time and forth again. */
export const lookBackCommands: readonly Command[] = [
  {
    id: 'earlier',
    keys: ['<'],
    title: 'Earlier',
    help: 'Shows this screen as it was a minute before, as far as that is kept.',
    footer: 'first',
    hinted: isBack,
    run: (console) => step(console, -minute),
  },
  {
    id: 'later',
    keys: ['>'],
    title: 'Later',
    help: 'Shows it a minute later; after the last one it is now.',
    footer: 'first',
    hinted: isBack,
    run: (console) => step(console, minute),
  },
  {
    id: 'hour-earlier',
    keys: ['{'],
    title: 'An hour earlier',
    help: 'The same an hour before.',
    run: (console) => step(console, -hour),
  },
  {
    id: 'hour-later',
    keys: ['}'],
    title: 'An hour later',
    help: 'An hour later.',
    run: (console) => step(console, hour),
  },
  {
    id: 'at',
    keys: [],
    title: 'At a time',
    help: 'Shows how it was at a time: ":at 03:12", ":at 2h", ":at 2026-11-28T10:00".',
    argument: time,
    run: () => {},
  },
  {
    id: 'now',
    keys: [],
    title: 'Now',
    help: 'Shows again how it is; so does Esc.',
    run: toNow,
  },
]
