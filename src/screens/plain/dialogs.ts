import type { Console } from '../../console/console.ts'
import type { Layer } from '../../console/layers.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { answeredBefore, canGoBack, layerTexts } from './texts.ts'

/** The dialogs of the console as questions and answers: said in whole lines, answered by lines, which become the keys of the dialog. */
export class Dialogs {
  readonly #console: Console
  readonly #print: (line: Label) => void
  /** what was said last */
  #said: Layer | undefined
  /** what was proposed as the answer to the question of now */
  #proposed = ''

  constructor(console: Console, print: (line: Label) => void) {
    this.#console = console
    this.#print = print
  }

  /** Says the dialog that is open, unless it was said already; returns whether it said one. */
  show(): boolean {
    const layer = this.#console.layers.at(-1)
    if (layer === this.#said) return false
    const isNew =
      layer?.kind === 'ask' && !(this.#said?.kind === 'ask' && this.#said.question === layer.question)
    if (isNew) this.#proposed = layer.line.text
    this.#said = layer
    if (layer) this.#say(layer)
    return !!layer
  }

  #say(layer: Layer): void {
    for (const text of layerTexts(layer, this.#proposed)) this.#print(text)
  }

  /** An answer to what was asked last, given with the keys of the dialog. */
  answer(layer: Layer, typed: string): void {
    const console = this.#console
    const yes = typed === 'yes' || typed === 'y'
    if (typed === 'back' && canGoBack(layer)) return console.press('ctrl-p')
    if (layer.kind === 'ask' && typed !== 'cancel') {
      if (!layer.choices) return this.#type(typed || this.#proposed)
      if (typed === '') return answeredBefore(layer) ? console.press('return') : this.#say(layer)
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
}
