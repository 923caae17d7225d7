import {
  idOf,
  isSubject,
  meantBy,
  nameOf,
  objectsOf,
  type Subject,
  subjectName,
  type Target,
} from '../../actions/subjects.ts'
import { actions } from '../../actions/table.ts'
import type { Console } from '../../console/console.ts'
import { readDefinition } from '../../console/definition.ts'
import { cancelTask } from '../../console/tasks.ts'
import type { StandingAlert } from '../../fleet/alerts/book.ts'
import type { HostRecord } from '../../fleet/host/record.ts'
import { type KindOf, kinds, recordOf } from '../../fleet/kinds.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { Kind } from '../../fleet/ref.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { eventView } from '../../views/event/view.ts'
import { filterRows } from '../../views/filter.ts'
import { viewOf } from '../../views/kinds.ts'
import { nothingText } from '../../views/nothing.ts'
import { type Arrangement, everything } from '../../views/world.ts'
import { Dialogs } from './dialogs.ts'
import { Marks, markableText } from './marks.ts'
import { News } from './news.ts'
import { pageOf, possible } from './pages.ts'
import { statusText } from './texts.ts'

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
  readonly #news: News
  readonly #dialogs: Dialogs
  #menu: readonly MenuItem[] = []
  /** what was wrong, as "overview" last numbered it */
  #alerts: readonly StandingAlert[] = []
  #chosen: { readonly kind: Kind; readonly target: Target } | undefined
  readonly #marks: Marks

  constructor(console: Console, print: (line: Label) => void) {
    this.#console = console
    this.#print = print
    this.#news = new News(console, print)
    this.#dialogs = new Dialogs(console, print)
    this.#marks = new Marks(console)
    console.subscribe(() => this.#changed())
  }

  begin(): void {
    this.#overview()
    this.#print(
      say`Type a number from a list, "machines", "hosts", "pools", "frontends", "services", "directory", "events", or "help" for all words.`,
    )
  }

  /** One line that the person typed. */
  line(text: string): void {
    const typed = text.trim()
    const layer = this.#console.layers.at(-1)
    if (layer) this.#dialogs.answer(layer, typed)
    else this.#obey(typed)
    this.#changed()
    this.#showDialog()
  }

  get #commands(): readonly Command[] {
    return [
      { word: 'overview', help: 'what is wrong, then the hosts', run: () => this.#overview() },
      {
        word: 'machines',
        help: 'all machines, or those with a text, as in every list: machines ldap',
        run: (text) => this.#listKind('machine', text),
      },
      {
        word: 'pools',
        help: 'all storage pools, and how full they are',
        run: (text) => this.#listKind('pool', text),
      },
      { word: 'hosts', help: 'all hosts', run: (text) => this.#listKind('host', text) },
      {
        word: 'frontends',
        help: 'all front ends behind the balancers',
        run: (text) => this.#listKind('frontend', text),
      },
      {
        word: 'services',
        help: 'all virtual services; a number shows one with its real servers',
        run: (text) => this.#listKind('service', text),
      },
      {
        word: 'directory',
        help: 'all directory servers, and how far they are behind',
        run: (text) => this.#listKind('directory', text),
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
        help: `marks each ${markableText()} with a text in its name (all: every one), so that an action takes them all; without one takes the marks away`,
        run: (text) => {
          for (const line of this.#marks.mark(text)) this.#print(line)
        },
      },
      {
        word: 'undo',
        help: 'begins what puts back what the last change did',
        run: () => (this.#console.last ? this.#console.undo() : this.#print(say`There is nothing to undo.`)),
      },
      {
        word: 'tasks',
        help: 'what is under way; cancel 1 ends the first of it',
        run: () => this.#tasks(),
      },
      {
        word: 'cancel',
        help: 'ends one of what is under way, by its number in "tasks"',
        run: (number) => {
          if (!cancelTask(this.#console, Number(number || '1') - 1))
            this.#print(say`Nothing of that number is under way.`)
        },
      },
      {
        word: 'help',
        help: 'this list, or what of it has a text: help drain',
        run: (text) => this.#help(text),
      },
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
    else this.#print(this.#noWord(word))
  }

  #noWord(word: string): Label {
    const near = didYouMean(word, [
      ...this.#commands.map((one) => one.word),
      ...actions.map(({ verb }) => verb),
    ])
    return say`No word ${label(word.slice(0, 40))}${near ? say`. ${near}` : say`; "help" shows all.`}`
  }

  #list(title: Label, items: readonly MenuItem[]): void {
    this.#menu = items
    this.#print(title)
    for (const [i, { text }] of items.entries()) this.#print(say`${i + 1} ${text}`)
  }

  #overview(): void {
    const { fleet, snapshot } = this.#console
    this.#print(statusText(this.#console))
    const alerts = fleet.alerts()
    this.#alerts = alerts
    const attention = alerts.map(({ about, name, text, advice, acknowledged }) => ({
      text: say`${name}: ${text}${acknowledged ? say` (acknowledged by ${acknowledged.who}${acknowledged.note ? say`: ${acknowledged.note}` : say``})` : say``}${advice ? say`. Next: ${advice}` : say``}`,
      choose: () => {
        const one = recordOf(about.kind, about.id, snapshot)
        if (one) this.#open(about.kind, one as Target)
      },
    }))
    const hosts = this.#items('host')
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
    if (!alert)
      return this.#print(
        this.#console.fleet.alerts().length
          ? say`Acknowledge which? "overview" gives each a number.`
          : say`Nothing to acknowledge.`,
      )
    this.#console.fleet.acknowledge(alert, this.#console.who, note)
    this.#print(say`Acknowledged: ${alert.name}: ${alert.text}`)
  }

  #items(kind: Kind, wished: Partial<Arrangement> = {}): MenuItem[] {
    const { world } = this.#console
    const view = viewOf(kind)
    const { id: idOf }: KindOf<unknown> = kinds[kind] as unknown as KindOf<unknown>
    const { by: sort, descending = false } = view.sorted
    const arrangement = { sort, descending, ...everything, ...wished }
    const all = new Set(view.rows(world, arrangement).map(view.of))
    return [...all].map((one) => ({
      text: this.#marks.listed(kind, idOf(one), view.sentence(one, world)),
      choose: () => this.#open(kind, one as Target),
    }))
  }

  /** Lists a kind, or those of it with a text. */
  #listKind(kind: Kind, text: string): void {
    const items = this.#items(kind, { filter: text })
    const view = viewOf(kind)
    const none = nothingText(view, { ...everything, filter: text }, this.#console.world)
    this.#list(say`${capital(items.length ? say`${view.name}s:` : say`${none}.`)}`, items)
  }

  #tasks(): void {
    const { tasks } = this.#console
    this.#list(
      tasks.length ? say`Under way:` : say`Nothing is under way.`,
      tasks.map(({ title, name, progress }, i) => ({
        text: say`${title} ${name}: ${progress.text}`,
        choose: () => void this.#print(say`Type "cancel ${i + 1}" to end it.`),
      })),
    )
  }

  #events(count: string): void {
    const wanted = Math.min(1000, Math.max(1, Number.parseInt(count, 10) || 10))
    const entries = this.#console.entries.slice(0, wanted).reverse()
    this.#menu = []
    this.#print(entries.length ? say`Events, the latest last:` : say`Nothing has happened yet.`)
    for (const entry of entries) this.#print(eventView.sentence(entry, this.#console.world))
  }

  #help(text: string): void {
    const found = (lines: readonly { readonly word: string; readonly help: string }[]) =>
      filterRows(
        lines,
        text,
        ({ word, help }) => `${word}: ${help}`,
        ({ word }) => word,
      )
    const words = found(this.#commands)
    const verbs = found(actions.map(({ verb, help }) => ({ word: verb, help })))
    for (const { word, help } of words) this.#print(say`${label(word)}: ${label(help)}`)
    if (verbs.length)
      this.#print(say`Actions, on what you chose, on what is marked, or on a name: start NAME`)
    for (const { word, help } of verbs) this.#print(say`${label(word)}: ${label(help)}`)
    if (!words.length && !verbs.length) this.#print(say`No word of help has ${label(text)}.`)
  }

  /** Chooses something: what is known of it, and what can be done with it. */
  #open(kind: Kind, of: Target): void {
    const { id, name, nameOf }: KindOf<Target> = kinds[kind] as unknown as KindOf<Target>
    const target = recordOf(kind, id(of), this.#console.snapshot) as Target | undefined
    if (!target) return this.#print(say`This ${name} is gone.`)
    this.#chosen = { kind, target }
    for (const line of pageOf(kind, target, this.#console)) this.#print(line)
    const isHypervisor = kind === 'host' && (target as HostRecord).roles.includes('hypervisor')
    const machines = {
      text: say`its machines`,
      choose: () =>
        this.#list(say`Machines on ${nameOf(target)}:`, this.#items('machine', { host: id(target) })),
    }
    const todo = possible(kind, target, this.#console).map(({ title, verb }) => ({
      text: label(title),
      choose: () => this.#act(verb, ''),
    }))
    const items = [...(isHypervisor ? [machines] : []), ...todo]
    if (items.length) this.#list(say`What to do with ${nameOf(target)}:`, items)
  }

  /** What an action of this subject acts on by what was chosen: a host may be a balancer, and a front end runs on one. */
  #isChosen(subject: Subject, one: Target): boolean {
    const { kind, target } = this.#chosen ?? {}
    if (!kind || !isSubject(kind) || !target) return false
    if (kind === subject) return idOf(kind, one) === idOf(kind, target)
    return ![kind, subject].includes('machine') && nameOf(one) === nameOf(target)
  }

  /** An action on a name, on what is marked, or on what was chosen. */
  #act(verb: string, name: string): void {
    const console = this.#console
    const action = actions.find((one) => one.verb === verb)
    if (!action) return
    const what = subjectName(action.subject)
    const all = objectsOf(action.subject, console.snapshot)
    const chosen = all.filter((one) => this.#isChosen(action.subject, one))
    const marked = this.#marks.of(action.subject)
    const named = meantBy(action.subject, name, console.snapshot)
    const targets = name ? named : marked.length ? marked : chosen
    const [first] = targets
    if (!first)
      return this.#print(name ? say`No ${what} ${label(name)}.` : say`On which ${what}? ${label(verb)} NAME`)
    if (name && targets.length > 1) return this.#print(say`More than one ${what} is called ${label(name)}.`)
    if (action.kind === 'look') return this.#look(action.shows, first as MachineRecord)
    console.act(verb, targets)
    this.#marks.clear()
  }

  #look(shows: 'details' | 'xml' | 'console', machine: MachineRecord): void {
    if (shows === 'details') return this.#open('machine', machine)
    if (shows === 'xml') return void this.#xml(machine)
    if (this.#console.lend) this.#console.act('console', [machine])
    else this.#print(say`The console of a machine needs a terminal.`)
  }

  async #xml(machine: MachineRecord): Promise<void> {
    const { lines } = await readDefinition(this.#console.fleet, machine)
    for (const line of lines) this.#print(line)
  }

  /** What is new, and how changes ended that a person has to read of. */
  #changed(): void {
    this.#news.tell()
    if (!this.#console.outcomes.length || this.#console.layers.length) return
    this.#console.readOutcome()
    this.#showDialog()
  }

  #showDialog(): void {
    // The numbers of a list from before stand for nothing any more.
    if (this.#dialogs.show()) this.#menu = []
  }
}

function capital(name: Label): Label {
  return label(name.charAt(0).toUpperCase() + name.slice(1))
}
