import type { SessionRecord } from '../../fleet/session/record.ts'
import { type Label, say } from '../../hosts/label.ts'
import { lookAtChannel } from '../../services/display/verbs.ts'
import type { Change, Context } from '../action.ts'
import { bySession } from './reach.ts'

/** Whether its user can be asked to let somebody see it. */
function askable(session: SessionRecord, context: Pick<Context, 'snapshot'>): true | Label {
  const { display } = session
  if (!display) return say`it is a text session: it has no display`
  const can = bySession.seen(session, context)
  if (can !== true) return can
  const { shows, looked } = display.channel
  if (shows === 'screen')
    return say`it is the machine's own screen, which its hypervisor shows: nobody there is asked`
  return looked ? say`${looked.by} looks at it already: one at a time` : true
}

/** Shows here what somebody sees who agrees to it. It has no `settled`: its one step is done when it is seen here, and may be over before its server is asked again. */
export const view: Change<SessionRecord> = {
  kind: 'change',
  subject: 'session',
  group: 'look',
  verb: 'view',
  key: 'v',
  title: 'View',
  help: 'Shows here what the user of a session sees, or takes it over, if they agree in a window there.',
  risk: 'disruptive',
  patience: 30,
  single: true,
  available: askable,
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
  warns: ({ user }, { control }) => {
    const what = control === 'yes' ? say`let you type there` : say`let you see it`
    return [say`${user} is asked there to ${what}, and has 60 s to agree; else nothing is shown`]
  },
  plan: (session, { control }, context) =>
    bySession.steps(session, context, (target) => lookAtChannel(target, control === 'yes')),
  remark: () => say`its user sees that you look, and can end it; so do you by closing the viewer`,
}
