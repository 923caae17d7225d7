import { wallTime } from '../hosts/clock.ts'
import { whyOf } from '../hosts/host.ts'
import { type Label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import { clock, dateTime } from '../text/format.ts'
import type { ConsoleState } from './state.ts'

const minute = 60_000

/** `03:12:07`; of another day `29 Nov 03:12:07`. */
function timeText(at: number, now: number): Label {
  return new Date(at).toDateString() === new Date(now).toDateString() ? clock(at) : dateTime(at)
}

/** What marks each line of status while somebody looks back; undefined: it is now. */
export function notNow({ past, fleet }: ConsoleState): Label | undefined {
  return past && say`NOT NOW ${timeText(past.at, wallTime(fleet.now()))}`
}

/** How long ago it is, and what has happened since somebody looks back: nobody shall miss what fails now. */
export function agoText(console: ConsoleState): Label {
  const { past, fleet, meanwhile } = console
  const ago = wallTime(fleet.now()) - (past?.at ?? 0)
  const since = meanwhile
    ? say`; meanwhile ${meanwhile} ${meanwhile === 1 ? say`event needs` : say`events need`} a person`
    : say``
  // It says nothing that changes each second.
  return say`${ago < minute ? say`less than 1 min` : duration(Math.floor(ago / minute) * minute)} ago; Esc: now${since}`
}

/** Why nothing is done while somebody looks back, and what leads to now; undefined: it is now. */
export function overText({ past, fleet }: ConsoleState, way = say`Esc for now`): Label | undefined {
  return past && say`this is how it was at ${timeText(past.at, wallTime(fleet.now()))}; ${way}`
}

/** Back to now. */
export function toNow(console: ConsoleState): void {
  console.lookAt(undefined)
}

/** What was kept is not what is drawn, as when another version has kept it. */
export function cannotShow(console: ConsoleState, error: unknown): void {
  const time = console.past && timeText(console.past.at, wallTime(console.fleet.now()))
  toNow(console)
  console.tell(say`how it was at ${time ?? say`that time`} cannot be shown: ${whyOf(error)}`, 'bad')
}
