import { userInfo } from 'node:os'
import { isHere } from '../../fleet/display/people.ts'
import { type DisplayRecord, isChannel, isThere } from '../../fleet/display/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { type ChannelTarget, closeChannel, sayOnChannel } from '../../services/display/verbs.ts'
import type { Step } from '../../services/step.ts'
import type { Change, Context, Question } from '../action.ts'
import { presentOf } from '../subjects.ts'

type Sees = Pick<Context, 'snapshot'>

/** Whether a channel of vdd can be told something now, or what is left of it can be taken away. */
export function reachable(display: DisplayRecord, { snapshot }: Sees): true | Label {
  const server = snapshot.displays.find(({ host }) => host === display.host)
  if (!server || server.trouble)
    return say`${label(display.host)} cannot be asked${server?.trouble ? say`: ${server.trouble.reason}` : say``}`
  return isChannel(display) || say`it is no channel of vdd`
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

/** Whether its server has told since then that there is no session on it any more; of one that had ended, that nothing is left. */
function hasEnded(display: DisplayRecord, snapshot: Snapshot, began: number): boolean {
  const server = snapshot.displays.find(({ host }) => host === display.host)
  if (!server?.reading || server.trouble || server.reading.at < began) return false
  const now = presentOf('display', display, snapshot)
  const wasThere = isChannel(display) && isThere(display)
  return !now || !isChannel(now) || (wasThere && !isThere(now))
}

function howToClose(display: DisplayRecord, insist: string | undefined): 'asks' | 'insists' | 'clears' {
  if (!isWorkedOn(display)) return 'clears'
  return insist === 'yes' ? 'insists' : 'asks'
}

const isWorkedOn = (display: DisplayRecord) => isChannel(display) && isHere(display)

/** What an action consists of, without what it is called. */
type Doing<T> = Pick<
  Change<T>,
  'available' | 'asks' | 'plan' | 'riskWith' | 'hits' | 'warns' | 'settled' | 'unseen' | 'next'
>

/** Ends a session, by the display that shows it. @param verb of the action, which is offered again where it did not end */
export function ending<T>(verb: string, of: (one: T) => DisplayRecord): Doing<T> {
  return {
    available: (one, context) => reachable(of(one), context),
    asks: [
      {
        id: 'insist',
        flag: true,
        text: say`End it even if it does not want to?`,
        value: 'yes|no',
        // There may be nobody to be asked any more.
        when: (one) => isWorkedOn(of(one)),
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
    warns: (one) => (isWorkedOn(of(one)) ? [say`unsaved work is lost; nothing brings the session back`] : []),
    plan: (one, { insist }, context) =>
      steps(of(one), context, (target) => closeChannel(target, howToClose(of(one), insist))),
    settled: (one, _answers, snapshot, began) => hasEnded(of(one), snapshot, began) || undefined,
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
    text: say`Message`,
    value: 'TEXT',
    needed: true,
    wrong: (value) => {
      if (value.trim() === '') return say`it is empty`
      return value.length > longest ? say`more than ${longest} letters` : undefined
    },
  }
}

/** Shows a message on a display. */
export function saying<T>(of: (one: T) => DisplayRecord): Pick<Doing<T>, 'available' | 'asks' | 'plan'> {
  return {
    available: (one, context) => seen(of(one), context),
    asks: [text<T>()],
    plan: (one, { text = '' }, context) => steps(of(one), context, (target) => sayOnChannel(target, text)),
  }
}
