import { randomUUID } from 'node:crypto'
import type { Outcome } from '../actions/outcome.ts'
import type { Prepared } from '../actions/prepare.ts'
import { run } from '../actions/run.ts'
import { idOf, nameOf, type Target } from '../actions/subjects.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { Batch } from './batch.ts'
import type { ConfirmLayer, Task } from './layers.ts'
import type { ConsoleState } from './state.ts'
import { tableIds, tableKind } from './table-kinds.ts'

/** How many machines are acted on at once when many are marked. */
const atOnce = 4

/** So many changes are kept of which the last that did something can be undone. */
const mostMade = 100

/** Runs what was confirmed: several at once where that is possible, and tells how each ended. */
export function carryOut(console: ConsoleState, { prepared, undoes }: ConfirmLayer): void {
  console.layers = []
  for (const table of tableIds)
    if (prepared[0] && tableKind(table).marks.includes(prepared[0].action.subject))
      console.tables.set(table, { marked: new Set() })
  const { fleet } = console
  undoes?.stop(say`cancelled, since it is undone`)
  for (const one of prepared) endOpposites(console, one)
  const made = new Batch(prepared, fleet.now(), fleet.snapshot())
  console.made = [...console.made, made].slice(-mostMade)
  const batch = randomUUID()
  const waiting = prepared.map((one) => new Undertaken(console, one, made, batch))
  made.stop = (why) => {
    for (const one of waiting) one.give(why)
  }
  const queue = [...waiting]
  const ended: Ended[] = []
  const worker = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) ended.push(await one.run())
  }
  const workers = prepared.some(({ action }) => action.oneByOne) ? 1 : Math.min(atOnce, queue.length)
  void Promise.all(Array.from({ length: workers }, worker)).then(() => {
    const [first] = ended
    if (ended.length > 1) report(console, ended)
    else if (first) told(console, first)
    console.changed()
  })
}

/** What is under way with the same object, and wants what this one takes back, is over. */
function endOpposites(console: ConsoleState, { action, target }: Prepared): void {
  const id = idOf(action.subject, target as Target)
  for (const task of console.tasks) {
    const { prepared: other } = task
    const isSame =
      other.action.subject === action.subject && idOf(action.subject, other.target as Target) === id
    if (isSame && other.action.endedBy?.includes(action.verb))
      task.give(say`ended, since ${label(action.title.toLowerCase())} was begun`)
  }
}

interface Ended {
  readonly one: Prepared
  readonly outcome: Outcome
}

/** One change of those that were confirmed: in the list of what is under way from the first moment, so that it can be cancelled. */
class Undertaken {
  readonly #console: ConsoleState
  readonly #one: Prepared
  readonly #made: Batch
  readonly #batch: string
  readonly #ending = new AbortController()
  readonly #over = new AbortController()
  #shown: Task

  constructor(console: ConsoleState, one: Prepared, made: Batch, batch: string) {
    this.#console = console
    this.#one = one
    this.#made = made
    this.#batch = batch
    this.#shown = {
      title: label(one.action.title),
      name: nameOf(one.target as Target),
      progress: { text: say`waits for its turn` },
      since: console.fleet.now(),
      prepared: one,
      end: (why) => this.end(why),
      give: (why) => this.give(why),
    }
    console.tasks = [...console.tasks, this.#shown]
  }

  end(why: Label): void {
    if (this.#ending.signal.aborted) return
    this.#ending.abort(why)
    this.#show({ isEnding: true, progress: { text: say`is being ended` } })
  }

  /** Ends it but for the command that runs. */
  give(why: Label): void {
    this.#over.abort(why)
  }

  async run(): Promise<Ended> {
    const { signal } = this.#ending
    const over = this.#over.signal
    const outcome: Outcome = signal.aborted
      ? { kind: 'cancelled', text: say`not begun` }
      : over.aborted
        ? { kind: 'cancelled', text: say`not begun: ${over.reason as Label}` }
        : await run(this.#one, this.#console.fleet, {
            who: this.#console.who,
            batch: this.#batch,
            signal,
            over,
            onBegun: (undo) => this.#made.begun(this.#one, undo),
            onProgress: (progress) => this.#ending.signal.aborted || this.#show({ progress }),
          })
    this.#made.ended(this.#one, outcome)
    this.#console.tasks = this.#console.tasks.filter((other) => other !== this.#shown)
    return { one: this.#one, outcome }
  }

  #show(change: Partial<Task>): void {
    const next = { ...this.#shown, ...change }
    const about = change.progress?.about
    // Who has just confirmed it wants to see it.
    if (about) this.#console.pages.open({ screen: about.kind, id: about.id })
    this.#console.tasks = this.#console.tasks.map((other) => (other === this.#shown ? next : other))
    this.#shown = next
    this.#console.changed()
  }
}

function idOfTarget({ action, target }: Prepared): string {
  return idOf(action.subject, target as Target)
}

/** What is said of a change that a person has to read of. */
const endings = {
  failed: say`failed`,
  unseen: say`not seen yet`,
  refused: say`not begun`,
  cancelled: say`cancelled`,
} as const

/** The end of one change: a line when it went well, a dialog when a person has to know or to choose. */
function told(console: ConsoleState, { one, outcome }: Ended): void {
  const { action, target } = one
  const name = nameOf(target as Target)
  const { kind, text, advice, next } = outcome
  // Who ended it knows that it did not come to its end.
  if (kind === 'done' || kind === 'cancelled')
    return console.tell(say`${name}: ${label(action.title)}: ${text}`, 'info', true)
  console.announce({
    kind: 'outcome',
    title: say`${label(action.title)} ${name}: ${endings[kind]}`,
    lines: [text, ...(advice ? [advice] : []), ...(next ? [next.text] : [])],
    ...(next ? { next: { verb: next.verb, answers: next.answers, ids: [idOfTarget(one)] } } : {}),
  })
}

function report(console: ConsoleState, ended: readonly Ended[]): void {
  const title = label(ended[0]?.one.action.title ?? '')
  const failed = ended.filter(({ outcome }) => outcome.kind !== 'done')
  const cancelled = ended.filter(({ outcome }) => outcome.kind === 'cancelled')
  if (cancelled.length === failed.length && failed.length)
    return console.tell(say`${title}: ${ended.length - failed.length} done, ${failed.length} cancelled`)
  if (!failed.length) return console.tell(say`${title}: ${ended.length} done`)
  console.announce({
    kind: 'outcome',
    title: say`${title}: ${ended.length - failed.length} done, ${failed.length} not`,
    lines: failed.map(({ one, outcome }) => say`${nameOf(one.target as Target)}: ${outcome.text}`),
  })
}
