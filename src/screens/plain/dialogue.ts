import { actions, actionsCalled, wordOf } from '../../actions/table.ts'
import type { Console } from '../../console/console.ts'
import { lookBackCommands } from '../../console/look-back.ts'
import { notNow, overText } from '../../console/not-now.ts'
import { listOf } from '../../console/table-kinds.ts'
import { cancelTask } from '../../console/tasks.ts'
import { obey } from '../../console/whereabouts.ts'
import { kinds, recordOf } from '../../fleet/kinds.ts'
import type { Kind } from '../../fleet/ref.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { filterRows } from '../../views/filter.ts'
import { viewOf } from '../../views/kinds.ts'
import { Browser, kindsShown } from './browser.ts'
import { Deeds, isLook } from './deeds.ts'
import { Dialogs } from './dialogs.ts'
import { Marks, markableText } from './marks.ts'
import { News } from './news.ts'
import { statusText } from './texts.ts'

interface Command {
  readonly word: string
  /** what else may be typed for it */
  readonly also?: readonly string[]
  readonly help: string
  readonly run: (argument: string) => void
}

/** Words whose answer says by itself which time it is about. */
const stepWords: ReadonlySet<string> = new Set(['earlier', 'later', 'at', 'now'])

/**
 * The console as a conversation: lines come, lines go, and what was said stays. For screen readers, hard-copy terminals, and logs. It
 * drives the same console, with the same actions, dialogs and checks as the full screen.
 */
export class Dialogue {
  readonly #console: Console
  readonly #print: (line: Label) => void
  readonly #news: News
  readonly #dialogs: Dialogs
  readonly #marks: Marks
  readonly #browser: Browser
  readonly #deeds: Deeds

  constructor(console: Console, print: (line: Label) => void) {
    this.#console = console
    this.#print = print
    this.#news = new News(console, print)
    this.#dialogs = new Dialogs(console, print)
    this.#marks = new Marks(console)
    this.#browser = new Browser(console, print, this.#marks, (verb) => this.#deed(verb, ''))
    this.#deeds = new Deeds(console, print, this.#marks, this.#browser)
    console.subscribe(() => this.#changed())
  }

  begin(): void {
    this.#browser.overview()
    const lists = joined(
      [...kindsShown, 'event' as const].map((kind) => say`"${label(listOf(kind))}"`),
      ', ',
    )
    this.#print(say`Type a number from a list, ${lists}, or "help" for all words.`)
  }

  /** One line that the person typed. */
  line(text: string): void {
    const typed = text.trim()
    const layer = this.#console.layers.at(-1)
    if (layer) this.#dialogs.answer(layer, typed)
    else this.#answer(typed)
    this.#changed()
    this.#showDialog()
  }

  /** While somebody looks back, it is said first that what follows is not how it is now. */
  #answer(typed: string): void {
    const before = this.#console.past
    const [word = ''] = typed.split(' ')
    const mark = notNow(this.#console)
    if (mark && !stepWords.has(word)) this.#print(say`${mark}:`)
    this.#obey(typed)
    const { past } = this.#console
    if (past === before) return
    // The numbers of a list from before stand for what may not have been there.
    this.#browser.forget()
    if (past) this.#browser.overview()
    else this.#print(say`Now again.`)
  }

  /** Goes back in time, or forth again. */
  #step(id: string, argument = ''): void {
    const command = lookBackCommands.find((one) => one.id === id)
    if (!command) return
    const wrong = argument ? command.argument?.run(this.#console, argument) : obey(command, this.#console)
    if (wrong) this.#print(wrong)
  }

  /** Whether somebody looks back: then nothing can be done, which is said. */
  #isOver(): boolean {
    const over = overText(this.#console, say`"now" leads back`)
    if (over) this.#print(say`Not done: ${over}`)
    return over !== undefined
  }

  /** What lists a kind, and what shows one of it. */
  #wordsOf(kind: Kind): readonly Command[] {
    const { help, name, words } = viewOf(kind)
    const list = listOf(kind)
    return [
      {
        word: list,
        ...(words ? { also: words } : {}),
        help: `${help.replace(/^Shows /, '').replace(/\.$/, '')}; with a text those that have it`,
        run: (filter) => this.#browser.listKind(kind, { filter }),
      },
      {
        word: kind,
        help: `the ${name} of a name, and what can be done with it: ${kind} NAME`,
        run: (text) => this.#browser.named(kind, text),
      },
    ]
  }

  get #commands(): readonly Command[] {
    const browser = this.#browser
    return [
      { word: 'overview', help: 'what is wrong, then the hosts', run: () => browser.overview() },
      ...kindsShown.flatMap((kind) => this.#wordsOf(kind)),
      {
        word: 'show',
        help: 'all that is known of what has this name, and what can be done with it: show NAME',
        run: (name) => browser.show(name),
      },
      {
        word: 'acknowledge',
        help: 'says that you take care of what is wrong, by its number in "overview", with a note: acknowledge 1 disk is ordered',
        run: (text) => this.#acknowledge(text),
      },
      {
        word: 'note',
        help: 'adds a note to an incident, for whoever reads of it later: note 12 disk is ordered',
        run: (text) => this.#note(text),
      },
      {
        word: listOf('event'),
        help: 'the latest events, or as many as you say: events 50; with a text those that have it',
        run: (wanted) => browser.events(wanted),
      },
      {
        word: 'status',
        help: 'which cluster, how many facts are old, the time',
        run: () => this.#print(statusText(this.#console)),
      },
      {
        word: 'earlier',
        help: 'how it was a minute before, as far as that is kept; an hour before: earlier hour',
        run: (unit) => this.#step(unit.startsWith('h') ? 'hour-earlier' : 'earlier'),
      },
      {
        word: 'later',
        help: 'how it was a minute later, or an hour: later hour; after the last one it is now',
        run: (unit) => this.#step(unit.startsWith('h') ? 'hour-later' : 'later'),
      },
      {
        word: 'at',
        help: 'how it was at a time: at 03:12, at 2h',
        run: (time) => (time ? this.#step('at', time) : this.#print(say`At what time? at 03:12`)),
      },
      { word: 'now', help: 'how it is, after you have looked back', run: () => this.#step('now') },
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
        run: () =>
          this.#isOver() ||
          (this.#console.last ? this.#console.undo() : this.#print(say`There is nothing to undo.`)),
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
          if (this.#isOver()) return
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
    if (/^\d+$/.test(typed)) return this.#browser.choose(Number(typed))
    const [word = '', ...rest] = typed.split(/\s+/)
    const argument = rest.join(' ')
    const all = this.#commands
    const command = all.find((one) => one.word === word) ?? all.find((one) => one.also?.includes(word))
    if (command) return command.run(argument)
    if (actionsCalled(word).length) this.#deed(word, argument)
    else this.#print(this.#noWord(word))
  }

  #noWord(word: string): Label {
    const near = didYouMean(word, [...this.#commands.map((one) => one.word), ...actions.map(wordOf)])
    return say`No word ${label(word.slice(0, 40))}${near ? say`. ${near}` : say`; "help" shows all.`}`
  }

  #acknowledge(text: string): void {
    if (this.#isOver()) return
    const [, number, note = ''] = /^(\d+)\s*(.*)$/.exec(text) ?? []
    const alert = this.#browser.alert(Number(number))
    if (!alert)
      return this.#print(
        this.#console.alerts.length
          ? say`Acknowledge which? "overview" gives each a number.`
          : say`Nothing to acknowledge.`,
      )
    this.#console.fleet.acknowledge(alert, this.#console.who, note)
    this.#print(say`Acknowledged: ${alert.name}: ${alert.text}`)
  }

  #note(text: string): void {
    if (this.#isOver()) return
    const [, id = '', note = ''] = /^#?(\d+)\s+(.+)$/.exec(text) ?? []
    const incident = recordOf('incident', id, this.#console.snapshot)
    if (!incident) return this.#print(say`Note on which incident? note 12 TEXT`)
    this.#console.fleet.note(incident, this.#console.who, note)
    this.#print(say`Noted on incident ${kinds.incident.nameOf(incident)}.`)
  }

  #tasks(): void {
    if (this.#isOver()) return
    const { tasks } = this.#console
    this.#browser.list(
      tasks.length ? say`Under way:` : say`Nothing is under way.`,
      tasks.map(({ title, name, progress }, i) => ({
        text: say`${title} ${name}: ${progress.text}`,
        choose: () => void this.#print(say`Type "cancel ${i + 1}" to end it.`),
      })),
    )
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
    const own = new Set(this.#commands.map(({ word }) => word))
    const verbs = found(
      actions.filter((one) => !own.has(wordOf(one))).map((one) => ({ word: wordOf(one), help: one.help })),
    )
    for (const { word, help } of words) this.#print(say`${label(word)}: ${label(help)}`)
    if (verbs.length)
      this.#print(say`Actions, on what you chose, on what is marked, or on a name: start NAME`)
    for (const { word, help } of verbs) this.#print(say`${label(word)}: ${label(help)}`)
    if (!words.length && !verbs.length) this.#print(say`No word of help has ${label(text)}.`)
  }

  /** Begins an action. While somebody looks back, only those that show something. */
  #deed(word: string, name: string): void {
    if (isLook(word) || !this.#isOver()) this.#deeds.begin(word, name)
  }

  /** Tells what is new, and how a change ended that the person must hear of. */
  #changed(): void {
    this.#news.tell()
    if (!this.#console.outcomes.length || this.#console.layers.length) return
    this.#console.readOutcome()
    this.#showDialog()
  }

  #showDialog(): void {
    // The numbers of a list from before stand for nothing any more.
    if (this.#dialogs.show()) this.#browser.forget()
  }
}
