import { type Outcome, type Prepared, run } from '../actions/run.ts'
import { idOf, nameOf, type Target } from '../actions/subjects.ts'
import { label, say } from '../hosts/label.ts'
import type { Console } from './console.ts'
import type { ConfirmLayer, Task } from './layers.ts'

/** How many machines are acted on at once when many are marked. */
const atOnce = 4

/** Runs what was confirmed: several at once where that is possible, and tells how each ended. */
export function carryOut(console: Console, { prepared }: ConfirmLayer): void {
  console.layers = []
  if (prepared[0]?.action.subject === 'machine') console.tables.set('machines', { marked: new Set() })
  const queue = [...prepared]
  const many = queue.length > 1
  const ended: Ended[] = []
  const worker = async () => {
    for (let one = queue.shift(); one; one = queue.shift())
      ended.push({ one, outcome: await undertake(console, one) })
  }
  const workers = prepared.some(({ action }) => action.oneByOne) ? 1 : Math.min(atOnce, queue.length)
  void Promise.all(Array.from({ length: workers }, worker)).then(() => {
    const [first] = ended
    remember(console, ended)
    if (many) report(console, ended)
    else if (first) told(console, first)
    console.changed()
  })
}

/** What undoes it, where that is one and the same for all that has begun. */
function remember(console: Console, ended: readonly Ended[]): void {
  const begun = ended.filter(({ outcome }) => outcome.kind !== 'refused')
  const [first] = begun
  if (!first) return
  const wayOf = ({ undo }: Outcome) => undo && JSON.stringify([undo.verb, undo.answers, undo.targets])
  const { undo } = first.outcome
  const isOne = begun.every(({ outcome }) => wayOf(outcome) === wayOf(first.outcome))
  const { verb, answers, targets = begun.map(({ one }) => idOfTarget(one)) } = undo ?? {}
  console.undoable = verb !== undefined && answers && isOne ? { verb, answers, ids: targets } : undefined
}

function idOfTarget({ action, target }: Prepared): string {
  return idOf(action.subject, target as Target)
}

interface Ended {
  readonly one: Prepared
  readonly outcome: Outcome
}

async function undertake(console: Console, one: Prepared): Promise<Outcome> {
  const task: Task = {
    title: label(one.action.title),
    name: nameOf(one.target as Target),
    progress: { text: say`begun` },
  }
  let shown = task
  console.tasks = [...console.tasks, shown]
  const outcome = await run(one, console.fleet, {
    who: console.who,
    onProgress: (progress) => {
      const next = { ...task, progress }
      console.tasks = console.tasks.map((other) => (other === shown ? next : other))
      shown = next
      console.changed()
    },
  })
  console.tasks = console.tasks.filter((other) => other !== shown)
  return outcome
}

/** What is said of a change that a person has to read of. */
const endings = {
  failed: say`failed`,
  unseen: say`not seen yet`,
  refused: say`not begun`,
} as const

/** The end of one change: a line when it went well, a dialog when a person has to know or to choose. */
function told(console: Console, { one, outcome }: Ended): void {
  const { action, target } = one
  const name = nameOf(target as Target)
  const { kind, text, advice, next } = outcome
  if (kind === 'done') return console.tell(say`${name}: ${label(action.title)}: ${text}`, 'info', true)
  console.announce({
    kind: 'outcome',
    title: say`${label(action.title)} ${name}: ${endings[kind]}`,
    lines: [text, ...(advice ? [advice] : []), ...(next ? [next.text] : [])],
    ...(next ? { next: { verb: next.verb, answers: next.answers, ids: [idOfTarget(one)] } } : {}),
  })
}

function report(console: Console, ended: readonly Ended[]): void {
  const title = label(ended[0]?.one.action.title ?? '')
  const failed = ended.filter(({ outcome }) => outcome.kind !== 'done')
  if (!failed.length) return console.tell(say`${title}: ${ended.length} done`)
  console.announce({
    kind: 'outcome',
    title: say`${title}: ${ended.length - failed.length} done, ${failed.length} not`,
    lines: failed.map(({ one, outcome }) => say`${nameOf(one.target as Target)}: ${outcome.text}`),
  })
}
