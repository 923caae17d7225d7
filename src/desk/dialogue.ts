import { type Label, say } from '../hosts/label.ts'
import type { DeskAtWork } from './at-work.ts'
import { type Block, blocksOf } from './blocks.ts'
import { numbersOf, rowsOf } from './rows.ts'
import { type Desk, openingOn } from './state.ts'

/**
 * The desk as a conversation: lines come, lines go, and what was said stays. For screen readers and hard-copy terminals. It drives the same
 * desk, with the same pages.
 */
export class Dialogue {
  readonly #work: DeskAtWork
  readonly #print: (line: Label) => void
  readonly #hide: (isSecret: boolean) => void
  /** what was said of the page that is open */
  #page = ''
  #wasSecret = false
  #said: readonly Label[] = []
  /** the steps of an opening that were said, also before a question came between */
  #steps: { readonly talk: number; readonly said: readonly Label[] } = { talk: 0, said: [] }

  /** `hide` is told whether what is typed from now on is a password, before the line that asks for it is said. */
  constructor(work: DeskAtWork, print: (line: Label) => void, hide: (isSecret: boolean) => void) {
    this.#work = work
    this.#print = print
    this.#hide = hide
    work.subscribe(() => this.#changed())
  }

  /** What is typed now is a password: it must not be echoed. */
  get isSecret(): boolean {
    return this.#work.desk.page.at === 'password'
  }

  begin(): void {
    const { desk, voice } = this.#work
    if (desk.settings.demo) this.#print(voice.say(voice.texts.sentences.plainDemo))
    this.#changed()
  }

  /** One line that the person typed. */
  line(text: string): void {
    if (this.isSecret) return this.#password(text)
    const typed = text.trim().toLowerCase()
    const [, word = '', number = ''] = /^([^\s\d]*)\s*(\d*)$/.exec(typed) ?? []
    const rows = rowsOf(this.#work.desk)
    const row = number === '' ? undefined : rows[numbersOf(rows).indexOf(Number(number))]
    if (typed === '') return
    if (typed === '?') return this.#again()
    if (typed === '0') return this.#work.happen({ is: 'back' })
    if (typed === 'l') return this.#work.happen({ is: 'language' })
    if (typed === 'r') return this.#work.happen({ is: 'again' })
    if (/^c/.test(word) && row?.row === 'channel')
      return this.#work.happen({ is: 'close', number: Number(number) })
    if (word === '' && row) return this.#work.happen({ is: 'choose', number: Number(number) })
    const { voice } = this.#work
    this.#print(voice.say(voice.texts.sentences.plainNone))
  }

  #password(text: string): void {
    if (!text) return this.#work.happen({ is: 'back' })
    this.#work.happen({ is: 'typed', text })
    this.#work.happen({ is: 'enter' })
  }

  #again(): void {
    this.#page = ''
    this.#changed()
  }

  /** A page with choices is said whole whenever it is another; of one without only what is new. */
  #changed(): void {
    if (this.isSecret !== this.#wasSecret) this.#hide(this.isSecret)
    this.#wasSecret = this.isSecret
    const { desk, voice } = this.#work
    const blocks = blocksOf(desk, voice)
    const lines = [...blocks.map(spoken), ...this.#how(blocks)]
    const page = `${desk.language} ${JSON.stringify(desk.page.at === 'progress' ? desk.page.opening.talk : desk.page, withoutTyping)}`
    const hasRows = blocks.some(({ is }) => is === 'row')
    const isSame = page === this.#page
    if (isSame && lines.join('\n') === this.#said.join('\n')) return
    const before = new Set(isSame && !hasRows ? this.#said : this.#stepsBefore(desk))
    for (const line of lines) if (!before.has(line)) this.#print(line)
    if (desk.page.at === 'progress') this.#steps = { talk: desk.page.opening.talk, said: lines }
    this.#page = page
    this.#said = lines
  }

  #stepsBefore({ page }: Desk): readonly Label[] {
    return openingOn(page)?.talk === this.#steps.talk ? this.#steps.said : []
  }

  /** How to answer here. */
  #how(blocks: readonly Block[]): Label[] {
    const { desk, voice } = this.#work
    const { sentences } = voice.texts
    if (this.isSecret) return [voice.say(sentences.plainPassword)]
    if (desk.page.at === 'progress') return [voice.say(sentences.plainCancel)]
    if (!blocks.some(({ is }) => is === 'row')) return []
    const rows = rowsOf(desk)
    const open = rows.findIndex(({ row }) => row === 'channel')
    return [
      voice.say(sentences.plainChoose),
      ...(desk.page.at === 'home' ? [voice.say(sentences.plainMore)] : []),
      ...(open < 0 ? [] : [voice.say(sentences.plainClose, { number: numbersOf(rows)[open] ?? 0 })]),
    ]
  }
}

const withoutTyping = (key: string, value: unknown) => (key === 'typed' ? undefined : value)

function spoken(block: Block): Label {
  switch (block.is) {
    case 'heading':
    case 'text':
    case 'step':
      return block.text
    case 'secret':
      return block.prompt
    case 'row': {
      const state = block.state ? say`, ${block.state}` : say``
      const detail = block.detail ? say`. ${block.detail}` : say``
      return say`${block.number} ${block.title}${state}${detail}`
    }
  }
}
