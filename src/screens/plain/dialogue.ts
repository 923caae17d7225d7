import { permitted } from '../../actions/action.ts'
import { meantBy, nameOf, objectsOf, subjectName, type Target } from '../../actions/subjects.ts'
import { actions, frontendActions, hostActions, machineActions } from '../../actions/table.ts'
import { machineFacts } from '../../components/machine-facts.ts'
import { directoriesAt } from '../../fleet/aged.ts'
import type { StandingAlert } from '../../fleet/alert-book.ts'
import { conditionOf, type MachineRecord } from '../../fleet/model.ts'
import type { Console } from '../../hooks/console.ts'
import { readDefinition } from '../../hooks/definition.ts'
import type { Layer } from '../../hooks/layers.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import {
  directoryText,
  eventText,
  frontendText,
  hostText,
  layerTexts,
  machineText,
  serviceTexts,
  statusText,
} from './texts.ts'

interface MenuItem {
  readonly text: Label
  readonly choose: () => void
}

interface Command {
  readonly word: string
  readonly help: string
  readonly run: (argument: string) => void
}

/**
 * The console as a conversation: lines come, lines go, and what was said stays. For screen readers, hard-copy terminals, and logs. It
 * drives the same console, with the same actions, dialogs and checks as the full screen.
 */
export class Dialogue {
  readonly #console: Console
  readonly #print: (line: Label) => void
  #menu: readonly MenuItem[] = []
  /** what was wrong, as "overview" last numbered it */
  #alerts: readonly StandingAlert[] = []
  #subject: Target | undefined
  #marked = new Set<string>()
  // What has been said already.
  #lastEvent = 0
  #notice: unknown
  #progress = new Map<string, number>()
  #conditions = new Map<string, string>()
  #layer: Layer | undefined
  /** what was proposed as the answer to the question of now */
  #proposed = ''

  constructor(console: Console, print: (line: Label) => void) {
    this.#console = console
    this.#print = print
    this.#lastEvent = console.entries[0]?.id ?? 0
    for (const host of console.snapshot.hosts)
      this.#conditions.set(host.name, conditionOf(console.snapshot, host, console.fleet.now()))
    console.subscribe(() => this.#changed())
  }

  begin(): void {
    this.#overview()
    this.#print(say`Type a number from a list, "machines", "hosts", "events", or "help" for all words.`)
  }

  /** One line that the person typed. */
  line(text: string): void {
    const typed = text.trim()
    const layer = this.#console.layers.at(-1)
    if (layer) this.#answer(layer, typed)
    else this.#obey(typed)
    this.#changed()
    this.#showLayer()
  }

  get #commands(): readonly Command[] {
    return [
      { word: 'overview', help: 'what is wrong, then the hosts', run: () => this.#overview() },
      {
        word: 'machines',
        help: 'all machines, or those with a text: machines ldap',
        run: (text) => this.#machines(text),
      },
      { word: 'hosts', help: 'all hosts', run: () => this.#hosts() },
      { word: 'frontends', help: 'all front ends behind the balancers', run: () => this.#frontends() },
      {
        word: 'services',
        help: 'all virtual services, each with its real servers',
        run: () => this.#services(),
      },
      {
        word: 'directory',
        help: 'all directory servers, and how far they are behind',
        run: () => this.#directory(),
      },
      {
        word: 'acknowledge',
        help: 'says that you take care of what is wrong, by its number in "overview", with a note: acknowledge 1 disk is ordered',
        run: (text) => this.#acknowledge(text),
      },
      {
        word: 'events',
        help: 'the latest events, or as many as you say: events 50',
        run: (count) => this.#events(count),
      },
      {
        word: 'status',
        help: 'which cluster, how many facts are old, the time',
        run: () => this.#print(statusText(this.#console)),
      },
      {
        word: 'mark',
        help: 'marks the machines with a text, so that an action takes them all; without one takes the marks away',
        run: (text) => this.#mark(text),
      },
      {
        word: 'undo',
        help: 'begins what puts back what the last change did',
        run: () =>
          this.#console.undoable ? this.#console.undo() : this.#print(say`There is nothing to undo.`),
      },
      { word: 'help', help: 'this list', run: () => this.#help() },
      { word: 'quit', help: 'leaves', run: () => this.#console.leave() },
    ]
  }

  #obey(typed: string): void {
    if (typed === '') return
    if (/^\d+$/.test(typed)) {
      const item = this.#menu[Number(typed) - 1]
      if (item) item.choose()
      else this.#print(say`No ${label(typed)} in the last list.`)
      return
    }
    const [word = '', ...rest] = typed.split(/\s+/)
    const argument = rest.join(' ')
    const command = this.#commands.find((one) => one.word === word)
    if (command) return command.run(argument)
    const isAction = actions.some(({ verb }) => verb === word)
    if (isAction) this.#act(word, argument)
    else this.#print(say`No word ${label(word.slice(0, 40))}; "help" shows all.`)
  }

  #list(title: Label, items: readonly MenuItem[]): void {
    this.#menu = items
    this.#print(title)
    for (const [i, { text }] of items.entries()) this.#print(say`${i + 1} ${text}`)
  }

  #overview(): void {
    const { fleet } = this.#console
    this.#print(statusText(this.#console))
    const alerts = fleet.alerts()
    this.#alerts = alerts
    const attention = alerts.map(({ name, text, advice, uuid, host, acknowledged }) => ({
      text: say`${name}: ${text}${acknowledged ? say` (acknowledged by ${acknowledged.who})` : say``}${advice ? say`. Next: ${advice}` : say``}`,
      choose: () => (uuid ? this.#machine(uuid) : this.#host(host)),
    }))
    const hosts = this.#hostItems()
    this.#menu = [...attention, ...hosts]
    this.#print(alerts.length ? say`Needs attention:` : say`Nothing needs attention.`)
    for (const [i, { text }] of this.#menu.entries()) {
      if (i === attention.length) this.#print(say`Hosts:`)
      this.#print(say`${i + 1} ${text}`)
    }
  }

  #acknowledge(text: string): void {
    const [, number, note = ''] = /^(\d+)\s*(.*)$/.exec(text) ?? []
    const alert = this.#alerts[Number(number) - 1]
    if (!alert) return this.#print(say`Acknowledge which? "overview" gives each a number.`)
    this.#console.fleet.acknowledge(alert, this.#console.who, note)
    this.#print(say`Acknowledged: ${alert.name}: ${alert.text}`)
  }

  #directory(): void {
    const { snapshot, fleet } = this.#console
    const directories = directoriesAt(snapshot, fleet.now())
    this.#menu = []
    this.#print(directories.length ? say`Directory servers:` : say`No directory servers.`)
    for (const one of directories) this.#print(directoryText(one, fleet.now()))
  }

  #hostItems(): MenuItem[] {
    return this.#console.snapshot.hosts.map((host) => ({
      text: hostText(host, this.#console),
      choose: () => this.#host(host.name),
    }))
  }

  #hosts(): void {
    this.#list(say`Hosts:`, this.#hostItems())
  }

  #frontends(): void {
    const { frontends } = this.#console.snapshot
    this.#list(
      frontends.length ? say`Front ends:` : say`No front ends.`,
      frontends.map((one) => ({ text: frontendText(one), choose: () => this.#frontend(one.address) })),
    )
  }

  #services(): void {
    const { services } = this.#console.snapshot
    this.#menu = []
    this.#print(services.length ? say`Virtual services:` : say`No virtual services.`)
    for (const text of services.flatMap(serviceTexts)) this.#print(text)
  }

  #found(text: string): readonly MachineRecord[] {
    this.#console.tables.set('machines', { filter: text })
    return this.#console.machineRows()
  }

  #machines(text: string): void {
    const found = this.#found(text)
    const items = found.map((machine) => ({
      text: this.#marked.has(machine.uuid)
        ? say`marked, ${machineText(machine, this.#console)}`
        : machineText(machine, this.#console),
      choose: () => this.#machine(machine.uuid),
    }))
    this.#list(
      items.length ? say`Machines:` : say`No machine${text ? say` with ${label(text)}` : say``}.`,
      items,
    )
  }

  #events(count: string): void {
    const wanted = Math.min(1000, Math.max(1, Number.parseInt(count, 10) || 10))
    const entries = this.#console.entries.slice(0, wanted).reverse()
    this.#menu = []
    this.#print(entries.length ? say`Events, the latest last:` : say`Nothing has happened yet.`)
    for (const entry of entries) this.#print(eventText(entry))
  }

  #mark(text: string): void {
    // Not those that only resemble it: what is marked is acted on.
    const wanted = text === 'all' ? '' : text
    const found = text ? this.#found(wanted).filter(({ name }) => name.includes(wanted)) : []
    if (!text) this.#marked.clear()
    else if (!found.length) return this.#print(say`No machine with ${label(text)}.`)
    for (const { uuid } of found) this.#marked.add(uuid)
    const names = this.#markedMachines().map(({ name }) => name)
    this.#print(names.length ? say`Marked: ${joined(names, ', ')}` : say`Nothing is marked.`)
  }

  #markedMachines(): MachineRecord[] {
    const marked = this.#console.snapshot.machines.filter(({ uuid }) => this.#marked.has(uuid))
    return marked.sort((a, b) => a.name.localeCompare(b.name, 'en'))
  }

  #help(): void {
    for (const { word, help } of this.#commands) this.#print(say`${label(word)}: ${label(help)}`)
    this.#print(say`Actions, on what you chose, on the marked machines, or on a name: start NAME`)
    for (const { verb, help } of actions) this.#print(say`${label(verb)}: ${label(help)}`)
  }

  /** Chooses a machine: what is known of it, and what can be done with it. */
  #machine(uuid: string): void {
    const { snapshot, fleet } = this.#console
    const machine = snapshot.machines.find((one) => one.uuid === uuid)
    if (!machine) return this.#print(say`This machine is gone.`)
    this.#subject = machine
    for (const [name, value] of machineFacts(machine, snapshot, fleet.now()))
      this.#print(say`${label(name)}: ${value}`)
    const possible = machineActions.filter(
      (action) =>
        !(action.kind === 'look' && action.shows === 'details') &&
        permitted(action, machine as never, { fleet, snapshot }) === true,
    )
    this.#list(
      say`What to do with ${machine.name}:`,
      possible.map(({ title, verb }) => ({ text: label(title), choose: () => this.#act(verb, '') })),
    )
  }

  #host(name: string): void {
    const host = this.#console.snapshot.hosts.find((one) => one.name === name)
    if (!host) return
    this.#subject = host
    this.#print(hostText(host, this.#console))
    if (!host.roles.includes('hypervisor')) return
    const own = hostActions.map(({ title, verb }) => ({
      text: label(title),
      choose: () => this.#act(verb, ''),
    }))
    const machines = { text: say`its machines`, choose: () => this.#machines(name) }
    this.#list(say`What to do with ${label(name)}:`, [machines, ...own])
  }

  /** A front end: what it does, and what can be done with it. */
  #frontend(address: string): void {
    const { snapshot, fleet } = this.#console
    const frontend = snapshot.frontends.find((one) => one.address === address)
    if (!frontend) return this.#print(say`This front end is gone.`)
    this.#subject = frontend
    this.#print(frontendText(frontend))
    const possible = frontendActions.filter((one) => permitted(one, frontend, { fleet, snapshot }) === true)
    this.#list(
      say`What to do with ${frontend.name}:`,
      possible.map(({ title, verb }) => ({ text: label(title), choose: () => this.#act(verb, '') })),
    )
  }

  /** An action on a name, on the marked machines, or on what was chosen. */
  #act(verb: string, name: string): void {
    const console = this.#console
    const action = actions.find((one) => one.verb === verb)
    if (!action) return
    const what = subjectName(action.subject)
    const all = objectsOf(action.subject, console.snapshot)
    const chosen = all.filter((one) => this.#subject && nameOf(one) === nameOf(this.#subject))
    const marked = action.subject === 'machine' && this.#marked.size ? this.#markedMachines() : chosen
    const named = meantBy(action.subject, name, console.snapshot)
    const targets = name ? named : marked
    const [first] = targets
    if (!first)
      return this.#print(name ? say`No ${what} ${label(name)}.` : say`On which ${what}? ${label(verb)} NAME`)
    if (name && targets.length > 1) return this.#print(say`More than one ${what} is called ${label(name)}.`)
    if (action.kind === 'look') return this.#look(action.shows, first as MachineRecord)
    console.act(verb, targets)
    this.#marked.clear()
  }

  #look(shows: 'details' | 'xml' | 'console', machine: MachineRecord): void {
    if (shows === 'details') return this.#machine(machine.uuid)
    if (shows === 'xml') return void this.#xml(machine)
    if (this.#console.lend) this.#console.act('console', [machine])
    else this.#print(say`The console of a machine needs a terminal.`)
  }

  async #xml(machine: MachineRecord): Promise<void> {
    const { lines } = await readDefinition(this.#console.fleet, machine)
    for (const line of lines) this.#print(line)
  }

  /** An answer to what was asked last, given with the keys of the dialog. */
  #answer(layer: Layer, typed: string): void {
    const console = this.#console
    const yes = typed === 'yes' || typed === 'y'
    if (layer.kind === 'ask' && typed !== 'cancel') {
      if (!layer.choices) return this.#type(typed || this.#proposed)
      if (typed === '') return this.#say(layer)
      const wanted = /^\d+$/.test(typed) ? Number(typed) - 1 : -1
      if (!layer.choices[wanted])
        return this.#print(
          say`${label(typed)} is not in this list. Type a number, "cancel", or nothing to hear it again.`,
        )
      const steps = (wanted - layer.at + layer.choices.length) % layer.choices.length
      for (let i = 0; i < steps; i++) console.press('down')
      console.press('return')
      return
    }
    if (layer.kind === 'confirm' && layer.typed && typed === layer.typed.wanted) return this.#type(typed)
    if (layer.kind === 'confirm' && !layer.typed && yes) return console.press('y')
    const leaves = layer.kind === 'leave' && (yes || typed === 'quit')
    if ((layer.kind === 'outcome' && yes) || leaves) return console.press('y')
    console.press('escape')
    if (layer.kind === 'leave') this.#print(say`Staying.`)
    if (layer.kind === 'confirm' || layer.kind === 'ask') this.#print(say`Cancelled; nothing was done.`)
  }

  /** Types a text into a dialog, in the place of what stands there. */
  #type(text: string): void {
    this.#console.press('ctrl-u')
    for (const character of text) this.#console.press(character)
    this.#console.press('return')
  }

  #showLayer(): void {
    const layer = this.#console.layers.at(-1)
    if (layer === this.#layer) return
    this.#say(layer)
  }

  #say(layer: Layer | undefined): void {
    const isNew =
      layer?.kind === 'ask' && !(this.#layer?.kind === 'ask' && this.#layer.question === layer.question)
    if (isNew) this.#proposed = layer.line.text
    this.#layer = layer
    if (!layer) return
    // The numbers of a list from before stand for nothing any more.
    this.#menu = []
    for (const text of layerTexts(layer, this.#proposed)) this.#print(text)
  }

  /** Says what is new: events, hosts that come and go, how changes go on and how they end. */
  #changed(): void {
    const console = this.#console
    const { notice, tasks, entries, snapshot, fleet } = console
    for (const entry of entries.filter(({ id }) => id > this.#lastEvent).reverse())
      this.#print(eventText(entry))
    this.#lastEvent = entries[0]?.id ?? this.#lastEvent
    for (const host of snapshot.hosts) {
      const condition = conditionOf(snapshot, host, fleet.now())
      if (this.#conditions.get(host.name) !== condition) this.#print(say`Host ${hostText(host, console)}`)
      this.#conditions.set(host.name, condition)
    }
    if (notice && notice !== this.#notice && !notice.inJournal) this.#print(notice.text)
    this.#notice = notice
    for (const { title, name, progress } of tasks) this.#tellProgress(say`${title} ${name}`, progress.percent)
    if (!tasks.length) this.#progress.clear()
    if (console.outcomes.length && !console.layers.length) {
      console.readOutcome()
      this.#showLayer()
    }
  }

  /** At each quarter of the way; how it began and ended the journal says. */
  #tellProgress(what: Label, percent: number | undefined): void {
    if (percent === undefined) return
    const quarter = Math.floor(percent / 25)
    if ((this.#progress.get(what) ?? 0) >= quarter) return
    this.#progress.set(what, quarter)
    this.#print(say`${what}: ${Math.round(percent)}%`)
  }
}
