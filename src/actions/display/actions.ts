import { userInfo } from 'node:os'
import { isHere } from '../../fleet/display/people.ts'
import { type DisplayRecord, isChannel, isThere } from '../../fleet/display/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import {
  type ChannelTarget,
  closeChannel,
  raiseChannel,
  resizeChannel,
  sayOnChannel,
} from '../../services/display/verbs.ts'
import type { Step } from '../../services/step.ts'
import type { Change, Context } from '../action.ts'
import { presentOf } from '../subjects.ts'

/** Whether a channel of vdd can be told something now. */
function reachable(display: DisplayRecord, { snapshot }: Pick<Context, 'snapshot'>): true | Label {
  const server = snapshot.displays.find(({ host }) => host === display.host)
  if (!server || server.trouble)
    return say`${label(display.host)} cannot be asked${server?.trouble ? say`: ${server.trouble.reason}` : say``}`
  if (!isChannel(display)) return say`it is no channel of vdd`
  return isThere(display) || say`its session has ended`
}

/** The same, and its keeper is there to do it. */
function held(display: DisplayRecord, context: Pick<Context, 'snapshot'>): true | Label {
  const can = reachable(display, context)
  if (can !== true) return can
  const { fate, state } = display.channel ?? {}
  if (fate === 'orphan') return say`it is orphaned: it can only be closed`
  return state === 'open' || say`it is ${label(state ?? 'opening')}`
}

/** The command on its server; none where it is no channel. */
function steps(
  display: DisplayRecord,
  { fleet }: Pick<Context, 'fleet'>,
  told: (target: ChannelTarget) => Step,
): readonly Step[] {
  const config = fleet.member(display.host)?.config
  if (!isChannel(display) || !config) return []
  const user = config.local ? ownName() : config.user
  return [told({ host: display.host, vdd: config.vdd ?? 'vdd', user, channel: display.channel })]
}

/** As whom this program runs; undefined: the number of its user has no name. */
function ownName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** Whether its server has told since then that there is no session on it any more. */
function hasEnded(display: DisplayRecord, snapshot: Snapshot, began: number): boolean {
  const server = snapshot.displays.find(({ host }) => host === display.host)
  if (!server?.reading || server.trouble || server.reading.at < began) return false
  const now = presentOf('display', display, snapshot)
  return !now || !isChannel(now) || !isThere(now)
}

const close: Change<DisplayRecord> = {
  kind: 'change',
  subject: 'display',
  group: 'power',
  verb: 'close',
  key: 'c',
  title: 'Close',
  help: 'Asks the session on a display to end, and waits until it has.',
  risk: 'disruptive',
  patience: 60,
  available: reachable,
  asks: [
    {
      id: 'insist',
      flag: true,
      text: say`End it even if it does not want to?`,
      value: 'yes|no',
      choices: () => [
        { value: 'no', title: say`no`, note: say`it may ask its user whether to save` },
        { value: 'yes', title: say`yes`, note: say`it is ended at once` },
      ],
      default: 'no',
      wrong: (value) => (['yes', 'no'].includes(value) ? undefined : say`yes or no`),
    },
  ],
  riskWith: ({ insist }) => (insist === 'yes' ? 'destructive' : 'disruptive'),
  hits: 'ends',
  warns: (display) =>
    isChannel(display) && isHere(display) ? [say`unsaved work is lost; nothing brings the session back`] : [],
  plan: (display, { insist }, context) =>
    steps(display, context, (target) => closeChannel(target, insist === 'yes')),
  settled: (display, _answers, snapshot, began) => hasEnded(display, snapshot, began) || undefined,
  unseen: () => say`its session has not ended: it may ask its user whether to save`,
  next: (_display, { insist }) =>
    insist === 'yes'
      ? undefined
      : { verb: 'close', answers: { insist: 'yes' }, text: say`The session has not ended. End it at once?` },
}

/** The same, and somebody may be looking at it. */
function seen(display: DisplayRecord, context: Pick<Context, 'snapshot'>): true | Label {
  const can = held(display, context)
  return can === true && display.channel?.isUnseen ? say`no terminal shows it` : can
}

/** Letters of a message. */
const longest = 1_000

const message: Change<DisplayRecord> = {
  kind: 'change',
  subject: 'display',
  group: 'duty',
  verb: 'say',
  key: 's',
  title: 'Message',
  help: 'Shows a message on a display, in front of all else, until a key is pressed there; it says who sent it.',
  risk: 'disruptive',
  patience: 30,
  available: seen,
  asks: [
    {
      id: 'text',
      text: say`Message`,
      value: 'TEXT',
      needed: true,
      wrong: (value) => {
        if (value.trim() === '') return say`it is empty`
        return value.length > longest ? say`more than ${longest} letters` : undefined
      },
    },
  ],
  plan: (display, { text = '' }, context) => steps(display, context, (target) => sayOnChannel(target, text)),
}

const raise: Change<DisplayRecord> = {
  kind: 'change',
  subject: 'display',
  group: 'duty',
  verb: 'raise',
  key: 'r',
  title: 'Raise',
  help: 'Brings a display to the front of its terminal, with the keyboard.',
  risk: 'disruptive',
  patience: 30,
  available: seen,
  asks: [],
  plan: (display, _answers, context) => steps(display, context, raiseChannel),
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

export const displayActions: readonly Change<DisplayRecord>[] = [close, message, raise, resize]
