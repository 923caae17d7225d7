import type { ShownKind } from '../views/world.ts'
import type { TableId } from './table-kinds.ts'
import { type Move, stepFrom } from './table-state.ts'

/** What can be shown: a table, the page of one object by its kind, or something else. */
export type ScreenId = TableId | ShownKind | 'xml' | 'help' | 'charts' | 'checks'

/** A screen with what it shows; the stack of pages is the way back. */
export interface Page {
  readonly screen: ScreenId
  /** by what the object that it shows is found: on the page of one, its XML, its chart; on the checks the name of the host */
  readonly id?: string
  /** on the help: what its keys have to contain */
  readonly filter?: string
  /** first line on the screen, for pages of text */
  readonly top: number
}

/** How many lines a page of text has, and how many of them have room; charts instead of lines, where these are shown. */
export interface Extent {
  readonly lines: number
  readonly height: number
}

const first: Page = { screen: 'overview', top: 0 }

/** Where a person is: the page that is shown, and the ones below it, back to the Overview. */
export class Pages {
  #stack: readonly Page[] = [first]

  get shown(): Page {
    return this.#stack.at(-1) ?? first
  }

  /** The page from which the shown one was opened; undefined: the way back ends here. */
  get below(): Page | undefined {
    return this.#stack.at(-2)
  }

  /** Pages on the way back, this one included. */
  get depth(): number {
    return this.#stack.length
  }

  /** Opens a page on top of this one; going back to the page below it is no step further. */
  open({ screen, id }: Omit<Page, 'top'>): void {
    const same = (other: Page | undefined) => other?.screen === screen && other.id === id
    if (same(this.shown)) return
    const page = { screen, top: 0, ...(id === undefined ? {} : { id }) }
    this.#stack = same(this.#stack.at(-2)) ? this.#stack.slice(0, -1) : [...this.#stack, page]
  }

  /** Goes to a table; the way back is from there to the Overview. */
  go(screen: TableId): void {
    this.#stack = screen === 'overview' ? [first] : [first, { screen, top: 0 }]
  }

  back(): void {
    if (this.depth > 1) this.#stack = this.#stack.slice(0, -1)
  }

  /** Scrolls a page of text, not past its ends. */
  scroll(by: Move, { lines, height }: Extent): void {
    const last = Math.max(0, lines - height)
    const top = Math.min(this.shown.top, last)
    this.#change({ top: Math.min(last, Math.max(0, stepFrom(top, by, height, last))) })
  }

  /** Leaves of the page that is shown what contains a text, from its beginning. */
  filter(filter: string): void {
    this.#change({ filter, top: 0 })
  }

  /** Takes the filter away; tells whether there was one. */
  clear(): boolean {
    if (!this.shown.filter) return false
    this.filter('')
    return true
  }

  #change(change: Partial<Page>): void {
    this.#stack = [...this.#stack.slice(0, -1), { ...this.shown, ...change }]
  }
}
