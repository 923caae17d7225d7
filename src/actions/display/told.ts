import { userInfo } from 'node:os'
import { type DisplayRecord, isChannel, isHere, isThere } from '../../fleet/display/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { type ChannelTarget, closeChannel, sayOnChannel } from '../../services/display/verbs.ts'
import type { Step } from '../../services/step.ts'
import type { Change, Context } from '../action.ts'
import type { Question } from '../question.ts'
import { presentOf } from '../subjects.ts'

type Sees = Pick<Context, 'snapshot'>

/** Whether a display server can be told something now. */
export function answering(name: string, { snapshot }: Sees): true | Label {
  const server = snapshot.displays.find(({ host }) => host === name)
  if (server && !server.trouble) return true
  return say`${label(name)} cannot be asked${server?.trouble ? say`: ${server.trouble.reason}` : say``}`
}

/** The same of a channel of vdd there; what is left of one can be taken away. */
export function reachable(display: DisplayRecord, context: Sees): true | Label {
  const can = answering(display.host, context)
  return can === true ? isChannel(display) || say`it is no channel of vdd` : can
}

/** The same, and its keeper is there to do it. */
export function held(display: DisplayRecord, context: Sees): true | Label {
  const can = reachable(display, context)
  if (can !== true) return can
  const { fate, state } = display.channel ?? {}
  if (fate === 'dead') return say`its session has ended: what is left can only be closed`
  if (fate === 'orphan') return say`it is orphaned: it can only be closed`
  return state === 'open' || say`it is ${label(state ?? 'opening')}`
}

/** The same, and somebody may be looking at it. */
export function seen(display: DisplayRecord, context: Sees): true | Label {
  const can = held(display, context)
  return can === true && display.channel?.isUnseen ? say`no terminal shows it` : can
}

/** The command on its server; none where it is no channel. */
export function steps(
  display: DisplayRecord,
  context: Pick<Context, 'fleet'>,
  told: (target: ChannelTarget) => Step,
): readonly Step[] {
  return isChannel(display) ? stepsAt(display.host, display.channel, context, told) : []
}

/** The command for what has this id and this owner on a display server. */
export function stepsAt(
  host: string,
  channel: ChannelTarget['channel'],
  { fleet }: Pick<Context, 'fleet'>,
  told: (target: ChannelTarget) => Step,
): readonly Step[] {
  const config = fleet.member(host)?.config
  if (!config) return []
  const user = config.local ? ownName() : config.user
  return [told({ host, vdd: config.vdd ?? 'vdd', user, channel })]
}

/** As whom this program runs; undefined: the number of its user has no name. */
function ownName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** Whether a display server has told since then how it is there. */
function hasTold(name: string, { displays }: Snapshot, began: number): boolean {
  const server = displays.find(({ host }) => host === name)
  return server?.reading !== undefined && !server.trouble && server.reading.at >= began
}

/** How what shows a session is told something, by what that is. */
export interface Reach<T> {
  /** whether it can be told anything, and whether somebody may see what it shows */
  readonly reachable: (one: T, context: Sees) => true | Label
  readonly seen: (one: T, context: Sees) => true | Label
  readonly steps: (
    one: T,
    context: Pick<Context, 'fleet'>,
    told: (target: ChannelTarget) => Step,
  ) => readonly Step[]
  /** whether it has ended since; of what had ended already, whether nothing is left */
  readonly hasEnded: (one: T, snapshot: Snapshot) => boolean
  /** somebody holds it, and would lose what is not saved */
  readonly isWorkedOn: (one: T) => boolean
}

export const byDisplay: Reach<DisplayRecord> = {
  reachable,
  seen,
  steps,
  hasEnded: (display, snapshot) => {
    const now = presentOf('display', display, snapshot)
    const wasThere = isChannel(display) && isThere(display)
    return !now || !isChannel(now) || (wasThere && !isThere(now))
  },
  isWorkedOn: (display) => isChannel(display) && isHere(display),
}

function howToClose(isWorkedOn: boolean, insist: string | undefined): 'asks' | 'insists' | 'clears' {
  if (!isWorkedOn) return 'clears'
  return insist === 'yes' ? 'insists' : 'asks'
}

/** What an action consists of, without what it is called. */
type Doing<T> = Pick<
  Change<T>,
  'available' | 'asks' | 'plan' | 'riskWith' | 'hits' | 'warns' | 'settled' | 'unseen' | 'next'
>

/** Ends a session. @param verb of the action, which is offered again where it did not end */
export function ending<T extends { readonly host: string }>(verb: string, by: Reach<T>): Doing<T> {
  return {
    available: by.reachable,
    asks: [
      {
        id: 'insist',
        flag: true,
        text: say`End it at once?`,
        value: 'yes|no',
        // There may be nobody to be asked any more.
        when: by.isWorkedOn,
        choices: () => [
          { value: 'no', title: say`no`, note: say`it may ask its user whether to save` },
          { value: 'yes', title: say`yes`, note: say`nobody is asked` },
        ],
        default: 'no',
        wrong: (value) => (['yes', 'no'].includes(value) ? undefined : say`yes or no`),
      },
    ],
    riskWith: ({ insist }) => (insist === 'yes' ? 'destructive' : 'disruptive'),
    hits: 'ends',
    warns: (one) => (by.isWorkedOn(one) ? [say`unsaved work is lost; nothing brings the session back`] : []),
    plan: (one, { insist }, context) =>
      by.steps(one, context, (target) => closeChannel(target, howToClose(by.isWorkedOn(one), insist))),
    settled: (one, _answers, snapshot, began) =>
      (hasTold(one.host, snapshot, began) && by.hasEnded(one, snapshot)) || undefined,
    unseen: () => say`its session has not ended: it may ask its user whether to save`,
    next: (_one, { insist }) =>
      insist === 'yes'
        ? undefined
        : { verb, answers: { insist: 'yes' }, text: say`The session has not ended. End it at once?` },
  }
}

/** Letters of a message. */
const longest = 1_000

/** What is to be said. */
function text<T>(): Question<T> {
  return {
    id: 'text',
    text: say`What is it to say?`,
    value: 'TEXT',
    needed: true,
    wrong: (value) => {
      if (value.trim() === '') return say`it is empty`
      return value.length > longest ? say`more than ${longest} letters` : undefined
    },
  }
}

/** Shows a message where a session is. */
export function saying<T>(by: Reach<T>): Pick<Doing<T>, 'available' | 'asks' | 'plan'> {
  return {
    available: by.seen,
    asks: [text<T>()],
    plan: (one, { text = '' }, context) => by.steps(one, context, (target) => sayOnChannel(target, text)),
  }
}
