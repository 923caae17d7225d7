import type { Action } from '../../actions/action.ts'
import { idOf, meantBy, objectsOf, subjectName, type Target } from '../../actions/subjects.ts'
import { actionsCalled } from '../../actions/table.ts'
import type { Console } from '../../console/console.ts'
import { readDefinition } from '../../console/definition.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Browser } from './browser.ts'
import type { Marks } from './marks.ts'

/** Whether all that is called so only shows what is known. */
export function isLook(word: string): boolean {
  return actionsCalled(word).every((one) => one.kind === 'look' && one.shows === 'details')
}

/** Begins actions: on a name, on what is marked, or on what was chosen. */
export class Deeds {
  readonly #console: Console
  readonly #print: (line: Label) => void
  readonly #marks: Marks
  readonly #browser: Browser

  constructor(console: Console, print: (line: Label) => void, marks: Marks, browser: Browser) {
    this.#console = console
    this.#print = print
    this.#marks = marks
    this.#browser = browser
  }

  /** Begins what is called by this word, or says why not. `name`: may be empty. */
  begin(word: string, name: string): void {
    const all = actionsCalled(word)
    const console = this.#console
    const isMeant = ({ subject }: Action) =>
      name
        ? meantBy(subject, name, console.snapshot).length > 0
        : this.#browser.hits[subject] !== undefined || this.#marks.of(subject).length > 0
    const action = all.find(isMeant) ?? all[0]
    if (!action) return
    const { subject, verb } = action
    const what = subjectName(subject)
    const hit = this.#browser.hits[subject] as Target | undefined
    const chosen = hit
      ? objectsOf(subject, console.snapshot).filter((one) => idOf(subject, one) === idOf(subject, hit))
      : []
    const marked = this.#marks.of(subject)
    const named = meantBy(subject, name, console.snapshot)
    const targets = name ? named : marked.length ? marked : chosen
    const [first] = targets
    if (!first)
      return this.#print(name ? say`No ${what} ${label(name)}.` : say`On which ${what}? ${label(word)} NAME`)
    if (name && targets.length > 1) return this.#print(say`More than one ${what} is called ${label(name)}.`)
    if (action.kind === 'look') return this.#look(action.shows, first as MachineRecord)
    console.act(verb, targets)
    this.#marks.clear()
  }

  #look(shows: 'details' | 'xml' | 'console', machine: MachineRecord): void {
    if (shows === 'details') return this.#browser.open('machine', machine.uuid)
    if (shows === 'xml') return void this.#xml(machine)
    if (this.#console.lend) this.#console.act('console', [machine])
    else this.#print(say`The console of a machine needs a terminal.`)
  }

  async #xml(machine: MachineRecord): Promise<void> {
    const { lines } = await readDefinition(this.#console.fleet, machine)
    for (const line of lines) this.#print(line)
  }
}
