import type { Fleet } from '../fleet/fleet.ts'
import type { Metric } from '../fleet/history/history.ts'
import { Bookmark } from '../fleet/journal/bookmark.ts'
import type { Then } from '../fleet/past/then.ts'
import type { Check } from '../hosts/check.ts'
import type { Terminal } from '../hosts/host.ts'
import type { Label } from '../hosts/label.ts'
import type { Batch } from './batch.ts'
import type { Layer, OutcomeLayer, Task } from './layers.ts'
import type { Extent } from './pages.ts'
import { Selection } from './selection.ts'
import { tableKind } from './table-kinds.ts'
import type { Move } from './table-state.ts'
import { wishedColumns } from './wished.ts'

/** What was asked of a host as a client asks, as far as that is. */
export interface CheckRun {
  readonly done: readonly Check[]
  readonly isOver: boolean
  /** milliseconds since the epoch */
  readonly startedAt: number
}

interface Notice {
  readonly text: Label
  readonly severity: 'bad' | 'info'
  /** the journal says so too */
  readonly inJournal?: boolean
}

/** The least window in which the console can be used. */
export const smallest = { columns: 60, rows: 12 } as const

/** How the terminal is lent to a command and taken back. */
type Lend = (use: (terminal: Terminal) => Promise<void>) => Promise<void>

/** Where a person is: which screen, what is selected, what is asked, what is under way, and what was said last. */
export class ConsoleState extends Selection {
  readonly who: Label
  /** the columns that the configuration wishes */
  readonly wished: ReturnType<typeof wishedColumns>['choices']
  layers: readonly Layer[] = []
  tasks: readonly Task[] = []
  /** how changes ended that need a person, not read yet */
  outcomes: readonly OutcomeLayer[] = []
  /** what was confirmed here, the newest last */
  made: readonly Batch[] = []
  notice: Notice | undefined
  /** the status line shows the time */
  showsClock = true
  /** what was asked of hosts on demand, by their names */
  checks: ReadonlyMap<string, CheckRun> = new Map()
  /** what the charts draw: of the last 24 hours, or of the last ten minutes */
  chart: { readonly metric: Metric; readonly isLong: boolean } = { metric: 'connections', isLong: false }
  /** the newest entry of the journal when a key was last pressed on the Events */
  eventsRead: { readonly id: number; readonly at: number } | undefined
  history: readonly string[] = []
  lend: Lend | undefined
  quit: (() => void) | undefined
  /** the version that is being drawn */
  drawn = 0
  /** the version that the terminal shows; where nothing is painted, nothing is behind */
  painted: () => number = () => Number.POSITIVE_INFINITY
  /** repaints the whole screen */
  repaint: (() => void) | undefined
  stop: (() => void) | undefined
  /** the version with which the layer on top came */
  #pushed = 0
  /** the newest entry of the journal when somebody began to look back */
  #lookedFrom: Bookmark | undefined
  #meanwhile: { readonly version: number; readonly from: number; readonly count: number } | undefined
  #listeners = new Set<() => void>()
  #version = 0
  /** something was written, and it is not told yet */
  #coming: NodeJS.Immediate | undefined

  constructor(fleet: Fleet, who: Label) {
    super(fleet)
    this.who = who
    const { choices, wrong } = wishedColumns(fleet.views, this.world)
    this.wished = choices
    for (const [table, columns] of choices) this.tables.set(table, { columns })
    const [first] = wrong
    if (first) this.tell(first, 'bad')
    fleet.onNews(() => this.changed())
    fleet.journal.subscribe(() => this.#soon())
  }

  get version(): number {
    return this.#version
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Once for all that is written in one turn of the loop: where hundreds of servers fall silent together, there is a line for each. */
  #soon(): void {
    if (this.#coming) return
    this.#coming = setImmediate(() => {
      this.#coming = undefined
      this.changed()
    })
  }

  changed(): void {
    if (this.table) this.tables.settle(this.table)
    this.#version++
    for (const listener of this.#listeners) listener()
  }

  /** What was done last here, or is being done. */
  get last(): Batch | undefined {
    return this.made.findLast(({ isNothing }) => !isNothing)
  }

  get isTooSmall(): boolean {
    return this.size.columns < smallest.columns || this.size.rows < smallest.rows
  }

  /** Shows how it was, or again how it is. */
  lookAt(past: Then | undefined): void {
    if (!this.past) this.#lookedFrom = new Bookmark(this.fleet.journal)
    this.past = past
  }

  /** How many events need a person that came since somebody looks back. */
  get meanwhile(): number {
    const { journal } = this.fleet
    const from = this.#lookedFrom?.last
    if (!this.past || from === undefined) return 0
    if (this.#meanwhile?.version !== journal.version || this.#meanwhile.from !== from) {
      const came = journal.latest(1_000, from, { severities: ['bad', 'warning'] })
      this.#meanwhile = { version: journal.version, from, count: came.length }
    }
    return this.#meanwhile.count
  }

  // Moving about

  /** Takes filter and marks away; else goes back a page. */
  back(): void {
    if (this.table ? this.tables.clear(this.table) : this.pages.clear()) return
    this.pages.back()
  }

  /** What the rows of the table that is shown, or the keys on the help, have to contain. */
  get filter(): string {
    return this.table ? this.tables.of(this.table).filter : (this.page.filter ?? '')
  }

  set filter(filter: string) {
    if (this.table) this.tables.set(this.table, { filter })
    else this.pages.filter(filter)
  }

  /** Moves the selection; on a page of text it scrolls. */
  move(by: Move): void {
    const { table } = this
    // The first is the newest, also when there are newer ones.
    if (table && by === 'first' && tableKind(table).newestFirst) this.tables.follow(table)
    else if (table) this.tables.move(table, by)
    else if (this.extent) this.pages.scroll(by, this.extent)
  }

  /** How long what is shown is, where it is no table. */
  get extent(): Extent | undefined {
    return undefined
  }

  /** The window has this size from now on. */
  resize(size: Selection['size']): void {
    this.size = size
    this.changed()
  }

  /** Lines of a page of text: without status line, message line and footer. */
  get textRows(): number {
    return Math.max(1, this.size.rows - 3)
  }

  // Layers, tasks, messages

  /** The dialog on top stands on the terminal: only then can a person have read it. */
  get isSeen(): boolean {
    return this.painted() >= this.#pushed
  }

  push(layer: Layer): void {
    this.layers = [...this.layers, layer]
    this.#pushed = this.#version + 1
  }

  /** Keeps how something ended until the person asks for it: a dialog that opens by itself would take the keys typed meanwhile. */
  announce(layer: OutcomeLayer): void {
    this.outcomes = [...this.outcomes, layer]
  }

  /** Opens what was announced, the oldest first. */
  readOutcome(): void {
    const [first, ...rest] = this.outcomes
    this.outcomes = rest
    if (first) this.push(first)
  }

  /** Replaces the topmost layer. */
  replace(layer: Layer): void {
    this.layers = [...this.layers.slice(0, -1), layer]
  }

  pop(): void {
    this.layers = this.layers.slice(0, -1)
  }

  tell(text: Label, severity: Notice['severity'] = 'info', inJournal = false): void {
    this.notice = { text, severity, ...(inJournal ? { inJournal } : {}) }
  }

  leave(): void {
    if (this.tasks.length) this.push({ kind: 'leave' })
    else this.quit?.()
  }
}
