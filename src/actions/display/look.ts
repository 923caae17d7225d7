import type { DisplayRecord } from '../../fleet/display/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { lookAtChannel } from '../../services/display/verbs.ts'
import type { Change } from '../action.ts'
import { type Reach, seen } from './told.ts'

type Sees = Parameters<typeof seen>[1]

/** Whether its user can be asked to let somebody see it. */
function askable(display: DisplayRecord, context: Sees): true | Label {
  const can = seen(display, context)
  if (can !== true) return can
  const { shows, looked } = display.channel ?? {}
  if (shows === 'screen')
    return say`it is the machine's own screen, which its hypervisor shows: nobody there is asked`
  return looked ? say`${looked.by} looks at it already: one at a time` : true
}

/** What an action consists of that shows here what somebody sees who agrees to it. @param displayOf what it is seen on; none: text */
export function looking<T>(
  by: Reach<T>,
  displayOf: (one: T) => DisplayRecord | undefined,
  nowOf: (one: T, snapshot: Sees['snapshot']) => DisplayRecord | undefined,
): Pick<
  Change<T>,
  'single' | 'available' | 'asks' | 'hits' | 'warns' | 'plan' | 'settled' | 'unseen' | 'remark'
> {
  return {
    single: true,
    available: (one, context) => {
      const display = displayOf(one)
      return display ? askable(display, context) : say`it is a text session: it has no display`
    },
    asks: [
      {
        id: 'control',
        flag: true,
        text: say`With keyboard and mouse?`,
        value: 'yes|no',
        choices: () => [
          { value: 'no', title: say`no`, note: say`only see it` },
          { value: 'yes', title: say`yes`, note: say`take it over: type and click there, too` },
        ],
        default: 'no',
        wrong: (value) => (['yes', 'no'].includes(value) ? undefined : say`yes or no`),
      },
    ],
    hits: 'goes on',
    warns: (one, { control }) => {
      const user = displayOf(one)?.user ?? label('its user')
      const what = control === 'yes' ? say`let you type there` : say`let you see it`
      return [say`${user} is asked there to ${what}, and has 60 s to agree; else nothing is shown`]
    },
    plan: (one, { control }, context) =>
      by.steps(one, context, (target) => lookAtChannel(target, control === 'yes')),
    settled: (one, _answers, snapshot) => (nowOf(one, snapshot)?.channel?.looked ? true : undefined),
    unseen: () => say`it was shown, and has ended since`,
    remark: () => say`its user sees that you look, and can end it; so do you by closing the viewer`,
  }
}
