import type { Answers, Change } from '../actions/action.ts'
import { idOf, objectsOf, subjectName, type Target } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Metric } from '../fleet/history/history.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Terminal } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { begin } from './ask.ts'
import type { CheckRun } from './check-now.ts'
import { type Command, commands } from './commands.ts'
import { pressLayer } from './conduct.ts'
import { keyName } from './keys.ts'
import type { FollowUp, Layer, OutcomeLayer, Task, Undertaking } from './layers.ts'
import { look } from './look.ts'
import { type Made, nameAt } from './made.ts'
import type { ScreenId } from './pages.ts'
import { Selection } from './selection.ts'
import type { Step } from './table-state.ts'
import { elsewhere, isOn, works } from './whereabouts.ts'

export interface Notice {
  readonly text: Label
  readonly severity: 'bad' | 'info'
  /** the journal says so too */
  readonly inJournal?: boolean
}

/** Characters of a pasted text that are taken; no name or path is longer. */
const mostPasted = 4096

/** The least window in which the console can be used. */
export const smallest = { columns: 60, rows: 12 } as const

/** How the terminal is lent to a command and taken back. */
export type Lend = (use: (terminal: Terminal) => Promise<void>) => Promise<void>

/**
 * The console as a person uses it: which screen, what is selected, what is asked, what is under way. A key is answered at
 * once, before anything is drawn, so that keys typed ahead find the state that the ones before them made.
 */
export class Console extends Selection {
  readonly who: Label
  layers: readonly Layer[] = []
  tasks: readonly Task[] = []
  /** how changes ended that need a person, not read yet */
  outcomes: readonly OutcomeLayer[] = []
  /** what was confirmed here, the newest last */
  made: readonly Made[] = []
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
  #listeners = new Set<() => void>()
  #version = 0

  constructor(fleet: Fleet, who: Label) {
    super(fleet)
    this.who = who
    fleet.subscribe(() => this.changed())
    fleet.journal.subscribe(() => this.changed())
  }

  get version(): number {
    return this.#version
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    this.#version++
    for (const listener of this.#listeners) listener()
  }

  /** What was done last here, or is being done. */
  get last(): Made | undefined {
    return this.made.findLast(({ isNothing }) => !isNothing)
  }

  get isTooSmall(): boolean {
    return this.size.columns < smallest.columns || this.size.rows < smallest.rows
  }

  // What a person does

  press(key: string): void {
    // Esc and a key that follow each other closely come as one key with Meta, which stands for nothing here.
    const meta = /^meta-(.+)$/.exec(key)?.[1]
    if (meta) {
      this.press('escape')
      return this.press(meta)
    }
    this.fleet.attention()
    if (this.isTooSmall && !this.#worksBlind(key)) return
    this.notice = undefined
    const layer = this.layers.at(-1)
    const before = this.page.screen
    if (layer && key !== 'ctrl-l') pressLayer(this, layer, key)
    else this.#pressScreen(key)
    this.#readEvents(before)
    this.changed()
  }

  /** Who presses a key on the Events has seen those that stood there. They open at the newest, also when somebody comes back to them. */
  #readEvents(before: ScreenId): void {
    const isThere = this.page.screen === 'events'
    if (before === 'events') this.eventsRead = { id: this.entries[0]?.id ?? 0, at: this.fleet.now() }
    else if (isThere && before !== 'event') this.tables.follow('events')
  }

  /** In a window in which no dialog can be drawn none is answered, but that somebody wants to leave. */
  #worksBlind(key: string): boolean {
    const layer = this.layers.at(-1)
    return layer
      ? layer.kind === 'leave' || key === 'escape'
      : ['q', 'ctrl-c', 'ctrl-l', 'ctrl-z'].includes(key)
  }

  /** Takes a text that was pasted where a text is typed. Anywhere else its characters would be commands. */
  paste(text: string): void {
    const layer = this.layers.at(-1)
    const takesText =
      layer?.kind === 'filter' ||
      layer?.kind === 'note' ||
      layer?.kind === 'palette' ||
      (layer?.kind === 'ask' && !layer.choices) ||
      (layer?.kind === 'confirm' && layer.typed)
    const line = text.split(/[\r\n]/)[0]?.replace(/\p{C}/gu, '') ?? ''
    if (takesText) for (const character of [...line].slice(0, mostPasted)) this.press(character)
    else this.tell(say`what was pasted is not taken for keys`, 'bad')
    this.changed()
  }

  #pressScreen(key: string): void {
    const named = commands.filter(({ keys }) => keys.includes(key))
    const command = named.find(({ on }) => on?.includes(this.page.screen) ?? true) ?? named[0]
    if (command) return this.obey(command)
    const having = actions.filter((action) => action.key === key)
    const action = having.find((one) => isOn(one, this.page.screen))
    if (action) this.act(action.verb)
    else if (having.length) this.tell(elsewhere(having), 'bad')
    else this.tell(say`no key ${label(keyName(key))}: ? shows all`, 'bad')
  }

  /** Does what a key of the console stands for, or says why there is nothing to do. */
  obey(command: Command): void {
    const can = works(command, this)
    if (can === true) command.run(this)
    else this.tell(can, 'bad')
  }

  /** Begins the action of this name with what is selected, or with what is given. */
  act(
    verb: string,
    on?: readonly Target[],
    answers: Answers = {},
    more: Pick<Undertaking, 'undoes' | 'own'> = {},
  ): void {
    const action = actions.find((a) => a.verb === verb)
    if (!action) return
    // Who acts on what is selected means it: the selection stays on it from then on.
    if (!on && this.table) this.tables.set(this.table, {})
    const targets = on ?? this.targets(action.subject, action.kind)
    const [first] = targets
    if (!first) return this.tell(say`no ${subjectName(action.subject)} is selected`, 'bad')
    if (action.kind === 'look') return look(this, action.shows, first as MachineRecord)
    // In the tree a real server stands below one of its services: that one is meant.
    const service = !on && action.subject === 'frontend' ? this.service : undefined
    const meant = service ? { service: service.name } : {}
    begin(this, {
      action: action as Change<unknown>,
      targets,
      answers: { ...meant, ...answers },
      ...more,
    })
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
  move(by: Step): void {
    // The first of the events is the newest, also when there are newer ones.
    if (this.table === 'events' && by === 'first') this.tables.follow('events')
    else if (this.table) this.tables.move(this.table, by)
    else this.pages.scroll(by, this.textRows)
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

  /** Begins an action that follows another. */
  follow({ verb, answers, ids, own }: FollowUp, undoes?: Made): void {
    const action = actions.find((one) => one.verb === verb)
    if (!action) return
    const all = objectsOf(action.subject, this.snapshot)
    const found = all.filter((one) => ids.includes(idOf(action.subject, one)))
    const more = { ...(undoes ? { undoes } : {}), ...(own ? { own } : {}) }
    if (found.length) this.act(verb, found, answers, more)
    else this.tell(say`${label(action.title)}: what it would act on has gone`, 'bad')
  }

  /** Begins what puts back what was done last, also while it runs; nothing else is undone in its place. */
  undo(): void {
    const { last } = this
    if (!last) return this.tell(say`there is nothing to undo`, 'bad')
    const { undo } = last
    if (undo) this.follow(undo, last)
    else this.tell(say`${nameAt(last)}, ${last.whyNoUndo}`, 'bad')
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
