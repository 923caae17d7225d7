import type { Change } from '../actions/action.ts'
import type { Answers } from '../actions/question.ts'
import { idOf, objectsOf, subjectName, type Target } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import type { FollowUp } from '../actions/undo-all.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { label, say } from '../hosts/label.ts'
import { begin } from './ask.ts'
import { type Batch, nameAt } from './batch.ts'
import type { Undertaking } from './layers.ts'
import { look } from './look.ts'
import { overText } from './not-now.ts'
import type { ConsoleState } from './state.ts'

/** Begins the action of this name with what is selected, or with what is given. */
export function act(
  console: ConsoleState,
  verb: string,
  on?: readonly Target[],
  answers: Answers = {},
  more: Pick<Undertaking, 'undoes' | 'own'> = {},
): void {
  const action = actions.find((a) => a.verb === verb)
  if (!action) return
  // What is over is looked at, and nothing is done to it.
  const over = overText(console)
  if (over && !(action.kind === 'look' && action.shows === 'details')) return console.tell(over, 'bad')
  // Who acts on what is selected means it: the selection stays on it from then on.
  if (!on && console.table) console.tables.set(console.table, {})
  const targets = on ?? console.targets(action.subject, action.kind)
  const [first] = targets
  if (!first) return console.tell(say`no ${subjectName(action.subject)} is selected`, 'bad')
  if (action.kind === 'look') return look(console, action.shows, first as MachineRecord)
  // In the tree a real server stands below one of its services: that one is meant.
  const marked = console.marked(action.subject)
  const services = new Set((marked.length ? marked : [console.hits]).map(({ service }) => service))
  const [service] = services
  const isMeant = !on && action.subject === 'frontend' && service && services.size === 1
  const meant = isMeant ? { service: String(service.name) } : {}
  begin(console, {
    action: action as Change<unknown>,
    targets,
    answers: { ...meant, ...answers },
    ...more,
  })
}

/** Begins an action that follows another. */
export function follow(console: ConsoleState, { verb, answers, ids, own }: FollowUp, undoes?: Batch): void {
  const action = actions.find((one) => one.verb === verb)
  if (!action) return
  const all = objectsOf(action.subject, console.snapshot)
  const found = all.filter((one) => ids.includes(idOf(action.subject, one)))
  const more = { ...(undoes ? { undoes } : {}), ...(own ? { own } : {}) }
  if (found.length) act(console, verb, found, answers, more)
  else console.tell(say`${label(action.title)}: what it would act on has gone`, 'bad')
}

/** Begins what puts back what was done last, also while it runs; nothing else is undone in its place. */
export function undo(console: ConsoleState): void {
  const { last } = console
  if (!last) return console.tell(say`there is nothing to undo`, 'bad')
  const { undo: way } = last
  if (way) follow(console, way, last)
  else console.tell(say`${nameAt(last)}, ${last.whyNoUndo}`, 'bad')
}
