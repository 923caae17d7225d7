import {
  type Answers,
  type Change,
  objectsOf,
  type Subject,
  type Target,
  type Undo,
} from '../actions/action.ts'
import { actions, subjectNames } from '../actions/table.ts'
import { directoriesAt } from '../fleet/aged.ts'
import type { StandingAlert } from '../fleet/alert-book.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import type { Metric } from '../fleet/history.ts'
import type { Entry } from '../fleet/journal.ts'
import type { HostRecord, MachineRecord, Snapshot } from '../fleet/model.ts'
import { type ServiceRecord, virtualServicesOf } from '../fleet/virtual-services.ts'
import type { Terminal } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { CheckRun } from './check-now.ts'
import { commands } from './commands.ts'
import { begin, pressLayer } from './conduct.ts'
import type { Definition } from './definition.ts'
import type { Layer, OutcomeLayer, Task } from './layers.ts'
import { look } from './look.ts'
import { type Page, Pages } from './pages.ts'
import {
  directoryRows,
  eventRows,
  frontendRows,
  machineRows,
  type OverviewRow,
  overviewRows,
  type ServiceRow,
  serviceRows,
} from './rows.ts'
import type { Step } from './table-state.ts'
import { isTable, type TableId, Tables } from './tables.ts'

export interface Notice {
  readonly text: Label
  readonly severity: 'bad' | 'info'
  /** the journal says so too */
  readonly inJournal?: boolean
}

/** A change that can be undone, and what it acted on. */
export interface Undoable {
  readonly undo: Undo
  readonly targets: readonly Target[]
}

/** The screens on which something of a kind is selected. */
const shownOn: Readonly<Record<Subject, readonly string[]>> = {
  machine: ['overview', 'machines', 'machine'],
  host: ['overview', 'machines'],
  frontend: ['frontends', 'frontend', 'services'],
  service: ['services', 'service'],
  balancer: ['overview', 'frontends', 'frontend', 'services', 'service'],
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
export class Console {
  readonly fleet: Fleet
  readonly who: Label
  /** lines and columns of the window */
  size = { columns: 80, rows: 24 }
  readonly pages = new Pages()
  readonly tables = new Tables((table) => ({ ids: this.#ids(table), height: this.#bodyRows(table) }))
  layers: readonly Layer[] = []
  tasks: readonly Task[] = []
  /** how changes ended that need a person, not read yet */
  outcomes: readonly OutcomeLayer[] = []
  /** what would undo the last change */
  undoable: Undoable | undefined
  /** by UUID, of the machines whose pages were opened */
  definitions: ReadonlyMap<string, Definition> = new Map()
  notice: Notice | undefined
  /** the status line shows the time */
  showsClock = true
  /** what was asked of hosts on demand, by their names */
  checks: ReadonlyMap<string, CheckRun> = new Map()
  /** what the charts draw: of the last 24 hours, or of the last ten minutes */
  chart: { readonly metric: Metric; readonly isLong: boolean } = { metric: 'connections', isLong: false }
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
    return this.pages.shown
  }

  get isTooSmall(): boolean {
    return this.size.columns < smallest.columns || this.size.rows < smallest.rows
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
    return isTable(screen) ? screen : undefined
  }

  machineRows(): readonly MachineRecord[] {
    return machineRows(this.snapshot, this.tables.of('machines'), this.second)
  }

  overviewRows(): readonly OverviewRow[] {
    return overviewRows(this.snapshot, this.second, this.fleet, this.fleet.journal.version)
  }

  frontendRows(): readonly FrontendRecord[] {
    return frontendRows(this.snapshot, this.tables.of('frontends'))
  }

  serviceRows(): readonly ServiceRow[] {
    return serviceRows(this.snapshot, this.tables.of('services'))
  }

  directoryRows(): readonly DirectoryRecord[] {
    return directoryRows(this.snapshot, this.tables.of('directory'), this.second)
  }

  eventRows(): readonly Entry[] {
    return eventRows(this.entries, this.tables.of('events'))
  }

  #ids(table: TableId): readonly string[] {
    if (table === 'machines') return this.machineRows().map((m) => m.uuid)
    if (table === 'overview') return this.overviewRows().map((row) => row.id)
    if (table === 'frontends') return this.frontendRows().map(({ address }) => address)
    if (table === 'services') return this.serviceRows().map(({ id }) => id)
    if (table === 'directory') return this.directoryRows().map(({ host }) => host)
    return this.eventRows().map((entry) => String(entry.id))
  }

  /** Rows of the body of a table screen: without status line, heading, message line and footer. */
  #bodyRows(table: TableId): number {
    return Math.max(
      1,
      this.size.rows - (table === 'overview' ? 12 : table === 'directory' || table === 'services' ? 5 : 4),
    )
  }

  /** The machine that the keys act on: the selected one, or that of the page. */
  get machine(): MachineRecord | undefined {
    const { page } = this
    const uuid =
      page.uuid ??
      (page.screen === 'machines'
        ? this.machineRows()[this.tables.place('machines').selected]?.uuid
        : this.#overviewUuid())
    return this.snapshot.machines.find((m) => m.uuid === uuid)
  }

  #overviewRow(): OverviewRow | undefined {
    if (this.page.screen !== 'overview') return undefined
    return this.overviewRows()[this.tables.place('overview').selected]
  }

  #overviewUuid(): string | undefined {
    const row = this.#overviewRow()
    return row?.kind === 'alert' ? row.alert.uuid : undefined
  }

  /** The alert that is selected. */
  get alert(): StandingAlert | undefined {
    const row = this.#overviewRow()
    return row?.kind === 'alert' ? row.alert : undefined
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

  /** The front end that the keys act on: the selected one, or that of the page. */
  get frontend(): FrontendRecord | undefined {
    const { page } = this
    if (page.screen === 'frontends') return this.frontendRows()[this.tables.place('frontends').selected]
    const wanted = this.#serviceRow?.real?.address ?? page.address
    return this.snapshot.frontends.find(({ address }) => address === wanted)
  }

  get #serviceRow(): ServiceRow | undefined {
    if (this.page.screen !== 'services') return undefined
    return this.serviceRows()[this.tables.place('services').selected]
  }

  /** The virtual service that is selected, or the one of the selected real server. */
  get service(): ServiceRecord | undefined {
    const { service } = this.page
    if (service === undefined) return this.#serviceRow?.service
    return virtualServicesOf(this.snapshot).find(({ name }) => name === service)
  }

  /** The directory server that is selected, or that of the page. */
  get directory(): DirectoryRecord | undefined {
    const { page } = this
    if (page.screen === 'directory') return this.directoryRows()[this.tables.place('directory').selected]
    return directoriesAt(this.snapshot, this.fleet.now()).find(({ host }) => host === page.host)
  }

  /** The balancer that the keys act on: the selected host, or the one that counts for the front end. */
  get balancer(): HostRecord | undefined {
    const name =
      this.page.screen === 'overview'
        ? this.host?.name
        : (this.service?.balancer ?? this.frontend?.services[0]?.balancer)
    return this.snapshot.hosts.find((host) => host.name === name && host.roles.includes('balancer'))
  }

  /** The machines that an action takes: the marked ones, else the selected one. */
  get machines(): readonly MachineRecord[] {
    const { marked } = this.tables.of('machines')
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
    if (this.isTooSmall && !this.#worksBlind(key)) return
    this.notice = undefined
    const layer = this.layers.at(-1)
    if (layer && key !== 'ctrl-l') pressLayer(this, layer, key)
    else this.#pressScreen(key)
    this.changed()
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
    const command = commands.find((c) => (c.keys as readonly string[]).includes(key))
    if (command) {
      if (command.where?.(this) ?? true) command.run(this)
      else this.tell(say`${label(command.title)}: not on this screen`, 'bad')
      return
    }
    const having = actions.filter((action) => action.key === key)
    const action = having.find(({ subject }) => shownOn[subject].includes(this.page.screen))
    if (action) this.act(action.verb)
    else if (having[0]) this.tell(say`${label(having[0].title)}: not on this screen`, 'bad')
  }

  /** Begins the action of this name with what is selected, or with what is given. */
  act(verb: string, on?: readonly Target[], answers: Answers = {}): void {
    const action = actions.find((a) => a.verb === verb)
    if (!action) return
    // Who acts on what is selected means it: the selection stays on it from then on.
    if (!on && this.table) this.tables.set(this.table, {})
    const targets = on ?? this.#targets(action.subject)
    const [first] = targets
    if (!first) return this.tell(say`no ${label(subjectNames[action.subject])} is selected`, 'bad')
    if (action.kind === 'look') return look(this, action.shows, first as MachineRecord)
    // In the tree a real server stands below one of its services: that one is meant.
    const service = !on && action.subject === 'frontend' ? this.service : undefined
    const meant = service ? { service: service.name } : {}
    begin(this, { action: action as Change<unknown>, targets, answers: { ...meant, ...answers } })
  }

  #targets(subject: Subject): readonly Target[] {
    if (subject === 'machine') return this.machines
    const one = { host: this.host, frontend: this.frontend, service: this.service, balancer: this.balancer }[
      subject
    ]
    return one ? [one] : []
  }

  // Moving about

  /** Takes filter and marks away; else goes back a page. */
  back(): void {
    if (!this.table || !this.tables.clear(this.table)) this.pages.back()
  }

  /** Moves the selection; on a page of text it scrolls. */
  move(by: Step): void {
    if (this.table) this.tables.move(this.table, by)
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

  /** What an action of this name can act on, by addresses of front ends or names. */
  #named(verb: string, names: readonly string[]): readonly Target[] {
    const action = actions.find((one) => one.verb === verb)
    const all = action ? objectsOf(action.subject, this.snapshot) : []
    return all.filter((one) => names.includes('address' in one ? one.address : one.name))
  }

  /** Begins what puts back what the last change did. */
  undo(): void {
    const { undo, targets } = this.undoable ?? {}
    if (!undo || !targets) return this.tell(say`there is nothing to undo`, 'bad')
    const now = undo.targets ? this.#named(undo.verb, undo.targets) : targets
    if (now.length) this.act(undo.verb, now, undo.answers)
    else this.tell(say`Undo: what it was done to has gone`, 'bad')
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
