import type { Answers } from '../actions/question.ts'
import type { Target } from '../actions/subjects.ts'
import { actions } from '../actions/table.ts'
import type { FollowUp } from '../actions/undo-all.ts'
import { label, say } from '../hosts/label.ts'
import { act, follow, undo } from './act.ts'
import { commands } from './commands.ts'
import { pressLayer } from './conduct.ts'
import { keyName } from './keys.ts'
import { cannotShow, toNow } from './not-now.ts'
import { extentOf } from './page-text.ts'
import type { Extent, ScreenId } from './pages.ts'
import { ConsoleState } from './state.ts'
import { elsewhere, meantBy, obey } from './whereabouts.ts'

/** Characters of a pasted text that are taken; no name or path is longer. */
const mostPasted = 4096

/**
 * The console as a person uses it: what each key does. A key is answered at once, before anything is drawn, so that keys typed ahead
 * find the state that the ones before them made.
 */
export class Console extends ConsoleState {
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
    try {
      this.#press(key)
      this.changed()
    } catch (error) {
      // What was kept may be of another shape than what is shown today: then it is now again.
      if (!this.past) throw error
      cannotShow(this, error)
      this.changed()
    }
  }

  #press(key: string): void {
    const layer = this.layers.at(-1)
    const before = this.page.screen
    if (layer && key !== 'ctrl-l') pressLayer(this, layer, key)
    else this.#pressScreen(key)
    if (!this.past) this.#readEvents(before)
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
    if (this.past && key === 'escape') return toNow(this)
    const named = commands.filter(({ keys }) => keys.includes(key))
    const command = named.find(({ on }) => on?.includes(this.page.screen) ?? true)
    if (command) return obey(command, this)
    const action = meantBy(key, this)
    const having = actions.filter((one) => one.key === key)
    if (action) act(this, action.verb)
    else if (named.length || having.length) this.tell(elsewhere(named, having), 'bad')
    else this.tell(say`no key ${label(keyName(key))}: ? shows all`, 'bad')
  }

  override get extent(): Extent | undefined {
    return extentOf(this)
  }

  /** Begins the action of this name with what is selected, or with what is given. */
  act(verb: string, on?: readonly Target[], answers?: Answers): void {
    act(this, verb, on, answers)
  }

  /** Begins an action that follows another. */
  follow(next: FollowUp): void {
    follow(this, next)
  }

  /** Begins what puts back what was done last. */
  undo(): void {
    undo(this)
  }
}
