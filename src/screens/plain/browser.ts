import { refTo, type Target } from '../../actions/subjects.ts'
import { actions, wordOf } from '../../actions/table.ts'
import type { Console } from '../../console/console.ts'
import { define } from '../../console/look.ts'
import type { StandingAlert } from '../../fleet/alerts/book.ts'
import { type KindOf, kinds, recordOf } from '../../fleet/kinds.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import type { Kind, Ref } from '../../fleet/ref.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { eventView } from '../../views/event/view.ts'
import { isTableKind, shownKinds, viewOf } from '../../views/kinds.ts'
import { calledSo, meantIn, nothingCalled } from '../../views/meant.ts'
import { nothingText } from '../../views/nothing.ts'
import { type Choice, everything, type Hits } from '../../views/world.ts'
import type { Marks } from './marks.ts'
import { pageOf, possible } from './pages.ts'
import { statusText } from './texts.ts'

interface MenuItem {
  readonly text: Label
  readonly choose: () => void
}

const kindOf = (kind: Kind) => kinds[kind] as unknown as KindOf<unknown>

/** The kinds of the cluster, in their order. */
export const kindsShown: readonly Kind[] = shownKinds.filter(isTableKind)

/** Events that are told where no number is said. */
const fewEvents = 10

/** What is listed and shown in the conversation, and what of it was chosen. */
export class Browser {
  readonly #console: Console
  readonly #print: (line: Label) => void
  readonly #marks: Marks
  readonly #act: (verb: string) => void
  #menu: readonly MenuItem[] = []
  #chosen: Ref | undefined
  /** what was wrong, as "overview" last numbered it */
  #alerts: readonly StandingAlert[] = []

  constructor(console: Console, print: (line: Label) => void, marks: Marks, act: (verb: string) => void) {
    this.#console = console
    this.#print = print
    this.#marks = marks
    this.#act = act
  }

  /** What an action acts on by what was chosen: that, and what belongs to it. */
  get hits(): Hits {
    const { kind, id } = this.#chosen ?? {}
    const one = kind && id !== undefined ? recordOf(kind, id, this.#console.snapshot) : undefined
    return kind && one !== undefined ? viewOf(kind).hitsOf(one, this.#console.world) : {}
  }

  alert(number: number): StandingAlert | undefined {
    return this.#alerts[number - 1]
  }

  /** Chooses from the list that was said last. */
  choose(number: number): void {
    const item = this.#menu[number - 1]
    if (item) item.choose()
    else this.#print(say`No ${label(String(number))} in the last list.`)
  }

  /** The numbers of the list from before stand for nothing any more. */
  forget(): void {
    this.#menu = []
  }

  list(title: Label, items: readonly MenuItem[]): void {
    this.#menu = items
    this.#print(title)
    for (const [i, { text }] of items.entries()) this.#print(say`${i + 1} ${text}`)
  }

  overview(): void {
    this.#print(statusText(this.#console))
    const { alerts } = this.#console
    this.#alerts = alerts
    const attention = alerts.map((alert) => ({
      text: alertText(alert),
      choose: () => this.open(alert.about.kind, alert.about.id),
    }))
    this.#menu = [...attention, ...this.#items('host')]
    this.#print(alerts.length ? say`Needs attention:` : say`Nothing needs attention.`)
    for (const [i, { text }] of this.#menu.entries()) {
      if (i === attention.length) this.#print(say`Hosts:`)
      this.#print(say`${i + 1} ${text}`)
    }
  }

  #items(kind: Kind, choice: Partial<Choice> = {}): MenuItem[] {
    const { world } = this.#console
    const view = viewOf(kind)
    const { by: sort, descending = false } = view.sorted
    const all = new Set(view.rows(world, { sort, descending, ...everything, ...choice }).map(view.of))
    return [...all].map((one) => {
      const id = kindOf(kind).id(one)
      const text = this.#marks.listed(kind, id, view.sentence(one, world))
      return { text, choose: () => this.open(kind, id) }
    })
  }

  /** Lists a kind, or those of it with a text, or of a host. */
  listKind(kind: Kind, choice: Partial<Choice>): void {
    const view = viewOf(kind)
    const items = this.#items(kind, choice)
    const of = choice.host ? say` of ${label(choice.host)}` : say``
    const none = nothingText(view, { ...everything, ...choice }, this.#console.world)
    this.list(capital(items.length ? say`${view.name}s${of}:` : say`${none}.`), items)
  }

  /** The latest events, as many as are wanted, or of those with a text. */
  events(wanted: string): void {
    const { world } = this.#console
    const isCount = /^\d*$/.test(wanted)
    const filter = isCount ? '' : wanted
    const count = Math.min(1000, Math.max(1, (isCount && Number(wanted)) || fewEvents))
    const found = eventView.rows(world, {
      ...everything,
      ...eventView.sorted,
      sort: '',
      descending: false,
      filter,
    })
    const none = nothingText(eventView, { ...everything, filter }, world)
    this.#menu = []
    this.#print(found.length ? say`Events, the latest last:` : capital(say`${none}.`))
    for (const entry of found.slice(0, count).toReversed()) this.#print(eventView.sentence(entry, world))
  }

  /** The one of a kind that is named; of several these; without a name all. */
  named(kind: Kind, name: string): void {
    if (!name) return this.listKind(kind, {})
    const meant = meantIn(kind, name, this.#console.world)
    if ('id' in meant) this.open(kind, meant.id)
    else if ('filter' in meant) this.listKind(kind, meant)
    else this.#print(capital(say`${meant.none}`))
  }

  /** What has this name, of whatever kind; without one what was chosen before. */
  show(name: string): void {
    const { kind, id } = this.#chosen ?? {}
    if (!name) return kind && id !== undefined ? this.open(kind, id) : this.#print(say`Show what? show NAME`)
    const [first] = calledSo(name, this.#console.world)
    if (first) return this.named(first.kind, name)
    this.#print(capital(nothingCalled(name, this.#console.snapshot)))
  }

  /** Chooses something: what is known of it, and what can be done with it. */
  open(kind: Kind, id: string): void {
    const { snapshot } = this.#console
    const one: unknown = recordOf(kind, id, snapshot)
    const { name, nameOf } = kindOf(kind)
    if (one === undefined) return this.#print(say`This ${name} is gone.`)
    this.#chosen = { kind, id }
    for (const line of pageOf(kind, one, { ...this.#console.world, definitions: new Map() }))
      this.#print(line)
    const items = [
      ...this.#listsOf(kind, id),
      ...this.#actionsOn({ kind, id }),
      ...this.#others({ kind, id }),
    ]
    if (items.length) this.list(say`What to do with ${nameOf(one)}:`, items)
    void this.#readMore(kind, id)
  }

  /** What is read of one only when somebody looks: it is said when it has come, whatever way led here. */
  async #readMore(kind: Kind, id: string): Promise<void> {
    const reads = actions.some(
      (one) => one.kind === 'look' && one.shows === 'details' && one.subject === kind,
    )
    const one: unknown = reads && !this.#console.past ? recordOf(kind, id, this.#console.snapshot) : undefined
    if (one === undefined) return
    await define(this.#console, one as MachineRecord)
    const { world } = this.#console
    const before = new Set(pageOf(kind, one, { ...world, definitions: new Map() }))
    for (const line of pageOf(kind, one, world)) if (!before.has(line)) this.#print(line)
  }

  /** What there is on a host. */
  #listsOf(kind: Kind, id: string): readonly MenuItem[] {
    const host = kind === 'host' ? recordOf('host', id, this.#console.snapshot) : undefined
    if (!host) return []
    return kindsShown
      .filter((one) => viewOf(one).isFor?.(host, this.#console.world))
      .map((one) => ({
        text: say`its ${viewOf(one).name}s`,
        choose: () => this.listKind(one, { host: id }),
      }))
  }

  /** What can be done with it now. */
  #actionsOn(ref: Ref): readonly MenuItem[] {
    const { hits } = this
    const isIt = (subject: Parameters<typeof refTo>[0]) => {
      const hit = hits[subject]
      const { kind, id } = hit ? refTo(subject, hit as Target) : {}
      return kind === ref.kind && id === ref.id
    }
    return possible(hits, this.#console)
      .filter(({ subject }) => isIt(subject))
      .map((one) => ({ text: label(one.title), choose: () => this.#act(wordOf(one)) }))
  }

  /** What else has its name: a front end is a host, too. */
  #others({ kind, id }: Ref): readonly MenuItem[] {
    const of = kindOf(kind)
    const one: unknown = recordOf(kind, id, this.#console.snapshot)
    return calledSo(of.typed(one), this.#console.world)
      .filter((other) => other.kind !== kind)
      .map((other) => ({
        text: say`${kindOf(other.kind).name} ${of.nameOf(one)}`,
        choose: () => this.open(other.kind, other.id),
      }))
  }
}

function alertText({ name, text, hit, advice, acknowledged }: StandingAlert): Label {
  const note = acknowledged?.note ? say`: ${acknowledged.note}` : say``
  const by = acknowledged ? say` (acknowledged by ${acknowledged.who}${note})` : say``
  const who = hit ? say`. Hit: ${hit}` : say``
  return say`${name}: ${text}${by}${who}${advice ? say`. Next: ${advice}` : say``}`
}

function capital(text: Label): Label {
  return (label(text.charAt(0).toUpperCase()) + text.slice(1)) as Label
}
