import { type Answers, type Change, permitted } from '../actions/action.ts'
import { hostActions, machineActions } from '../actions/table.ts'
import { at } from '../actions/target.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Entry } from '../fleet/journal.ts'
import type { HostRecord, MachineRecord, Snapshot } from '../fleet/model.ts'
import { type Terminal, whyOf } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { consoleOf } from '../services/libvirt/verbs.ts'
import { commands } from './commands.ts'
import { begin, pressLayer } from './conduct.ts'
import { type Definition, readDefinition } from './definition.ts'
import type { Layer, OutcomeLayer, Task } from './layers.ts'
import { eventRows, machineRows, type OverviewRow, overviewRows } from './rows.ts'
import { indexOfSelected, type TableState, tableState, windowTop } from './table-state.ts'

export type ScreenId = 'overview' | 'machines' | 'events' | 'help' | 'machine' | 'event'

/** A screen with what it shows; the stack of pages is the way back. */
export interface Page {
  readonly screen: ScreenId
  readonly uuid?: string
  /** on the page of a machine: its XML is shown instead of what is known of it */
  readonly asXml?: boolean
  readonly entry?: Entry
  /** first line on the screen, for pages of text */
  readonly top: number
}

export type TableId = 'overview' | 'machines' | 'events'

export interface Notice {
  readonly text: Label
  readonly severity: 'bad' | 'info'
}

/** Characters of a pasted text that are taken; no name or path is longer. */
const mostPasted = 4096

/** How the terminal is lent to a command and taken back. */
export type Lend = (use: (terminal: Terminal) => Promise<void>) => Promise<void>

/**
 * The console as a person uses it: which screen, what is selected, what is asked, what is under way. A key is answered at
 * once, before anything is drawn, so that keys typed ahead find the state that the ones before them made.
 */
export class Console {
  readonly fleet: Fleet
  readonly who: Label
  /** lines and columns of the window */
  size = { columns: 80, rows: 24 }
  pages: readonly Page[] = [{ screen: 'overview', top: 0 }]
  tables: Readonly<Record<TableId, TableState>> = {
    overview: tableState('severity'),
    machines: tableState('name'),
    events: tableState('time', true),
  }
  layers: readonly Layer[] = []
  tasks: readonly Task[] = []
  /** how changes ended that need a person, not read yet */
  outcomes: readonly OutcomeLayer[] = []
  /** by UUID, of the machines whose pages were opened */
  definitions: ReadonlyMap<string, Definition> = new Map()
  notice: Notice | undefined
  /** the status line shows the time */
  showsClock = true
  /** how long the page of text is that is shown */
  textLines = 0
  history: readonly string[] = []
  lend: Lend | undefined
  quit: (() => void) | undefined
  /** repaints the whole screen */
  repaint: (() => void) | undefined
  stop: (() => void) | undefined
  #lastIndex: Record<TableId, number> = { overview: 0, machines: 0, events: 0 }
  #listeners = new Set<() => void>()
  #version = 0
  #events: { version: number; entries: readonly Entry[] } | undefined

  constructor(fleet: Fleet, who: Label) {
    this.fleet = fleet
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

  get page(): Page {
    return this.pages.at(-1) ?? { screen: 'overview', top: 0 }
  }

  get snapshot(): Snapshot {
    return this.fleet.snapshot()
  }

  /** The clock in whole seconds: what depends on it changes with it and not in between. */
  get second(): number {
    return Math.floor(this.fleet.now() / 1000)
  }

  /** The newest entries of the journal, newest first. */
  get entries(): readonly Entry[] {
    const { version } = this.fleet.journal
    if (this.#events?.version !== version)
      this.#events = { version, entries: this.fleet.journal.latest(1000) }
    return this.#events.entries
  }

  // What is on the screen

  get table(): TableId | undefined {
    const { screen } = this.page
    return screen === 'overview' || screen === 'machines' || screen === 'events' ? screen : undefined
  }

  machineRows(): readonly MachineRecord[] {
    return machineRows(this.snapshot, this.tables.machines, this.second)
  }

  overviewRows(): readonly OverviewRow[] {
    return overviewRows(this.snapshot, this.second)
  }

  eventRows(): readonly Entry[] {
    return eventRows(this.entries, this.tables.events)
  }

  ids(table: TableId): readonly string[] {
    if (table === 'machines') return this.machineRows().map((m) => m.uuid)
    if (table === 'overview') return this.overviewRows().map((row) => row.id)
    return this.eventRows().map((entry) => String(entry.id))
  }

  /**
   * Index of the selected row and of the first row on the screen. Until the person moves, the first row is selected, whatever it is
   * (what is worst, on the Overview). From then on the selection stays on its object; when that is gone or filtered out, the
   * row that is shown as selected in its place is selected from then on.
   */
  place(table: TableId): {
    readonly selected: number
    readonly top: number
    readonly ids: readonly string[]
  } {
    const ids = this.ids(table)
    const state = this.tables[table]
    const selected = indexOfSelected(state, ids, this.#lastIndex[table])
    this.#lastIndex[table] = selected
    const id = ids[selected]
    if (state.selected !== undefined && id !== undefined && id !== state.selected) this.#select(table, id)
    const top = windowTop(state.top, selected, this.bodyRows(table), ids.length)
    return { selected, top, ids }
  }

  /** Rows of the body of a table screen: without status line, heading, message line and footer. */
  bodyRows(table: TableId): number {
    return Math.max(1, this.size.rows - (table === 'overview' ? 12 : 4))
  }

  /** The machine that the keys act on: the selected one, or that of the page. */
  get machine(): MachineRecord | undefined {
    const { page } = this
    const uuid =
      page.uuid ??
      (page.screen === 'machines'
        ? this.place('machines').ids[this.place('machines').selected]
        : this.#overviewUuid())
    return this.snapshot.machines.find((m) => m.uuid === uuid)
  }

  #overviewRow(): OverviewRow | undefined {
    if (this.page.screen !== 'overview') return undefined
    return this.overviewRows()[this.place('overview').selected]
  }

  #overviewUuid(): string | undefined {
    const row = this.#overviewRow()
    return row?.kind === 'alert' ? row.alert.uuid : undefined
  }

  /** The host that the keys act on. */
  get host(): HostRecord | undefined {
    const row = this.#overviewRow()
    const name =
      row?.kind === 'host'
        ? row.host.name
        : (this.machine?.host ?? (row?.kind === 'alert' ? row.alert.host : undefined))
    const { hosts } = this.snapshot
    return hosts.find((host) => host.name === name) ?? hosts[0]
  }

  /** The machines that an action takes: the marked ones, else the selected one. */
  get machines(): readonly MachineRecord[] {
    const { marked } = this.tables.machines
    if (this.page.screen === 'machines' && marked.size)
      return this.snapshot.machines.filter((m) => marked.has(m.uuid))
    return this.machine ? [this.machine] : []
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
    this.notice = undefined
    const layer = this.layers.at(-1)
    if (layer && key !== 'ctrl-l') pressLayer(this, layer, key)
    else this.#pressScreen(key)
    this.changed()
  }

  /** Takes a text that was pasted where a text is typed. Anywhere else its characters would be commands. */
  paste(text: string): void {
    const layer = this.layers.at(-1)
    const takesText =
      layer?.kind === 'filter' ||
      layer?.kind === 'palette' ||
      (layer?.kind === 'ask' && !layer.choices) ||
      (layer?.kind === 'confirm' && layer.typed)
    const line = text.split(/[\r\n]/)[0]?.replace(/\p{C}/gu, '') ?? ''
    if (takesText) for (const character of [...line].slice(0, mostPasted)) this.press(character)
    else this.tell(say`what was pasted is not taken for keys`, 'bad')
    this.changed()
  }

  #pressScreen(key: string): void {
    const command = commands.find((c) => (c.keys as readonly string[]).includes(key))
    if (command) {
      if (command.where?.(this) ?? true) command.run(this)
      else this.tell(say`${label(command.title)}: not on this screen`, 'bad')
      return
    }
    const { screen } = this.page
    const action = machineActions.find((a) => a.key === key) ?? hostActions.find((a) => a.key === key)
    if (!action) return
    const fits = action.subject === 'machine' ? ['overview', 'machines', 'machine'] : ['overview', 'machines']
    if (fits.includes(screen)) this.act(action.verb)
    else this.tell(say`${label(action.title)}: not on this screen`, 'bad')
  }

  /** Begins the action of this name with what is selected, or with the machine that is given. */
  act(verb: string, on?: readonly MachineRecord[], answers: Answers = {}): void {
    const action = machineActions.find((a) => a.verb === verb)
    if (!action) return this.#actOnHost(verb, answers)
    const targets = on ?? this.machines
    if (!targets.length) return this.tell(say`no machine is selected`, 'bad')
    const [first] = targets
    if (action.kind === 'look') return first && this.#look(action.shows, first)
    begin(this, { action: action as Change<unknown>, targets, answers })
  }

  #actOnHost(verb: string, answers: Answers): void {
    const action = hostActions.find((a) => a.verb === verb)
    if (action && this.host) begin(this, { action: action as Change<unknown>, targets: [this.host], answers })
  }

  #look(shows: 'details' | 'xml' | 'console', machine: MachineRecord): void {
    const action = machineActions.find((a) => a.kind === 'look' && a.shows === shows)
    const can = action
      ? permitted(action, machine as never, { fleet: this.fleet, snapshot: this.snapshot })
      : true
    if (can !== true) return this.tell(say`${machine.name}: ${can}`, 'bad')
    if (shows === 'console') return void this.#openConsole(machine)
    this.open({ screen: 'machine', uuid: machine.uuid, top: 0, asXml: shows === 'xml' })
    void this.#readDefinition(machine)
  }

  /** Reads a machine's definition, each time its page is opened. */
  async #readDefinition(machine: MachineRecord): Promise<void> {
    const definition = await readDefinition(this.fleet, machine)
    this.definitions = new Map([...this.definitions, [machine.uuid, definition]])
    this.changed()
  }

  async #openConsole(machine: MachineRecord): Promise<void> {
    const host = this.fleet.member(machine.host)?.host
    if (!host || !this.lend) return
    try {
      await this.lend(async (terminal) => {
        terminal.stdout.write(`\r\n${machine.name} on ${machine.host}. Ctrl-] comes back to the console.\r\n`)
        await host.terminal(consoleOf(at(machine, this)), terminal)
      })
    } catch (error) {
      this.tell(whyOf(error), 'bad')
    }
    this.changed()
  }

  // Moving about

  /** Opens a page on top of this one; going back to the page below it is no step further. */
  open(page: Page): void {
    const same = (other: Page | undefined) =>
      other?.screen === page.screen &&
      other.uuid === page.uuid &&
      (other.asXml ?? false) === (page.asXml ?? false)
    if (same(this.page)) return
    this.textLines = 0
    if (same(this.pages.at(-2))) this.pages = this.pages.slice(0, -1)
    else this.pages = [...this.pages, page]
  }

  /** Goes to a screen of the top row; the way back is from there. */
  go(screen: 'overview' | 'machines' | 'events' | 'help'): void {
    this.pages =
      screen === 'overview'
        ? [{ screen, top: 0 }]
        : [
            { screen: 'overview', top: 0 },
            { screen, top: 0 },
          ]
  }

  back(): void {
    const table = this.table
    const state = table && this.tables[table]
    if (table && state && (state.filter || state.faultsOnly || state.marked.size))
      this.set(table, { filter: '', faultsOnly: false, marked: new Set() })
    else if (this.pages.length > 1) this.pages = this.pages.slice(0, -1)
  }

  /** Changes what a table shows; the selection stays on the object on which it is. */
  set(table: TableId, change: Partial<TableState>): void {
    const { ids, selected } = this.place(table)
    const id = ids[selected]
    this.tables = {
      ...this.tables,
      [table]: { ...this.tables[table], ...(id ? { selected: id } : {}), ...change },
    }
  }

  #select(table: TableId, selected: string): void {
    this.tables = { ...this.tables, [table]: { ...this.tables[table], selected } }
  }

  /** Moves the selection; by whole screens where `pages` is given. On a page of text it scrolls. */
  move(by: number | 'first' | 'last' | 'pageup' | 'pagedown'): void {
    const { table } = this
    if (!table) return this.#scroll(by)
    const { ids, selected, top } = this.place(table)
    const height = this.bodyRows(table)
    const to =
      { first: 0, last: ids.length - 1, pageup: selected - height, pagedown: selected + height }[
        by as string
      ] ?? selected + Number(by)
    const index = Math.min(Math.max(0, to), ids.length - 1)
    const id = ids[index]
    if (id === undefined) return
    this.set(table, { selected: id, top: windowTop(top, index, height, ids.length) })
    this.#lastIndex[table] = index
  }

  #scroll(by: number | 'first' | 'last' | 'pageup' | 'pagedown'): void {
    const height = this.#textRows
    const { top } = this.page
    const to =
      { first: 0, last: Number.MAX_SAFE_INTEGER, pageup: top - height, pagedown: top + height }[
        by as string
      ] ?? top + Number(by)
    this.pages = [...this.pages.slice(0, -1), { ...this.page, top: Math.max(0, to) }]
  }

  /** Lines of a page of text: without status line, message line and footer. */
  get #textRows(): number {
    return Math.max(1, this.size.rows - 3)
  }

  /** A text page tells how long it is, so that it is not scrolled past its end. */
  clampTop(lines: number): number {
    const top = Math.min(this.page.top, Math.max(0, lines - this.#textRows))
    if (top !== this.page.top) this.pages = [...this.pages.slice(0, -1), { ...this.page, top }]
    this.textLines = lines
    return top
  }

  // Layers, tasks, messages

  push(layer: Layer): void {
    this.layers = [...this.layers, layer]
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

  tell(text: Label, severity: Notice['severity'] = 'info'): void {
    this.notice = { text, severity }
  }

  leave(): void {
    if (this.tasks.length) this.push({ kind: 'leave' })
    else this.quit?.()
  }
}
