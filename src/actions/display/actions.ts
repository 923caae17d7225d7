import type { DisplayRecord } from '../../fleet/display/record.ts'
import { say } from '../../hosts/label.ts'
import { raiseChannel, reconnectChannel, resizeChannel } from '../../services/display/verbs.ts'
import type { Change } from '../action.ts'
import { presentOf } from '../subjects.ts'
import { byDisplay, ending, held, seen, steps } from './told.ts'

const close: Change<DisplayRecord> = {
  kind: 'change',
  subject: 'display',
  group: 'power',
  verb: 'close',
  key: 'c',
  title: 'Close',
  help: 'Asks the session on a display to end, and waits until it has. What is left of one that has gone is taken away.',
  risk: 'disruptive',
  patience: 60,
  ...ending('close', byDisplay),
}

const focus: Change<DisplayRecord> = {
  kind: 'change',
  subject: 'display',
  group: 'duty',
  verb: 'focus',
  key: 'F',
  title: 'Focus',
  help: 'Brings a display to the front of its terminal, with the keyboard.',
  risk: 'disruptive',
  patience: 30,
  available: seen,
  asks: [],
  plan: (display, _answers, context) => steps(display, context, raiseChannel),
}

const reconnect: Change<DisplayRecord> = {
  kind: 'change',
  subject: 'display',
  group: 'duty',
  verb: 'reconnect',
  key: 'r',
  title: 'Reconnect',
  help: 'Shows a kept display anew on the terminal where it was last: its viewer was lost, or hangs.',
  risk: 'disruptive',
  patience: 30,
  available: (display, context) => {
    const can = held(display, context)
    if (can !== true || display.channel?.keep) return can
    return say`it lives on its terminal: only one that is kept can be shown anew`
  },
  asks: [],
  warns: ({ channel, user }) =>
    channel?.isUnseen
      ? [say`it may be another who sits at ${channel.terminal} now, and not ${user ?? say`?`}`]
      : [],
  plan: (display, _answers, context) => steps(display, context, reconnectChannel),
  settled: (display, _answers, snapshot) => {
    const now = presentOf('display', display, snapshot)?.channel
    return (now && !now.isUnseen && now.resumedAt !== display.channel?.resumedAt) || undefined
  },
}

/** `full`, or `1280x1024`; undefined: not known. */
function sizeOf({ channel }: DisplayRecord): string | undefined {
  if (channel?.fullScreen) return 'full'
  return channel?.size && `${channel.size.width}x${channel.size.height}`
}

/** What `vdd channel tell` takes. */
function isSize(text: string): boolean {
  const [, width, height] = (/^(\d{3,5})x(\d{3,5})$/.exec(text) ?? []).map(Number)
  const isWithin = (value: number | undefined, least: number) =>
    value !== undefined && value >= least && value <= 16_384
  return text === 'full' || (isWithin(width, 200) && isWithin(height, 150))
}

const resize: Change<DisplayRecord> = {
  kind: 'change',
  subject: 'display',
  group: 'duty',
  verb: 'resize',
  key: 'e',
  title: 'Size',
  help: 'Changes the size of a display: the whole screen of its terminal, or so many pixels.',
  risk: 'disruptive',
  patience: 30,
  available: held,
  asks: [
    {
      id: 'to',
      text: say`Size: full, or WIDTHxHEIGHT`,
      value: 'full|WIDTHxHEIGHT',
      needed: true,
      default: (display) => sizeOf(display),
      wrong: (value) =>
        isSize(value) ? undefined : say`full, or WIDTHxHEIGHT in pixels, from 200x150 to 16384x16384`,
    },
  ],
  endedBy: ['resize'],
  plan: (display, { to = '' }, context) =>
    to === sizeOf(display) ? [] : steps(display, context, (target) => resizeChannel(target, to)),
  settled: (display, { to }, snapshot) => {
    const now = presentOf('display', display, snapshot)
    return (now && sizeOf(now) === to) || undefined
  },
  undo: (display, { to }) => {
    const before = sizeOf(display)
    return before === undefined || before === to ? undefined : { verb: 'resize', answers: { to: before } }
  },
}

export const displayActions: readonly Change<DisplayRecord>[] = [close, focus, resize, reconnect]
