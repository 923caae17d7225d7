import type { KeyPress } from './key-names.ts'
import { KeyDecoder, type KeyTimes, usualTimes } from './keys.ts'
import { realClock } from './line.ts'

/** Keys from a terminal's input. It reads only while it is on; what is typed meanwhile waits in the terminal driver. */
export class Keyboard {
  readonly #input: NodeJS.ReadStream
  readonly #decoder: KeyDecoder
  readonly #onKey: (press: KeyPress) => void
  #cancel: (() => void) | undefined
  #isOn = false

  constructor(input: NodeJS.ReadStream, onKey: (press: KeyPress) => void, times: KeyTimes = usualTimes) {
    this.#input = input
    this.#onKey = onKey
    this.#decoder = new KeyDecoder(times)
  }

  on(): void {
    if (this.#isOn) return
    this.#isOn = true
    this.#input.on('data', this.#read)
    this.#input.resume()
  }

  off(): void {
    if (!this.#isOn) return
    this.#isOn = false
    this.#input.off('data', this.#read)
    this.#input.pause()
    this.#cancel?.()
    this.#cancel = undefined
    // What was begun here is not finished by what comes after.
    this.#tell(this.#decoder.giveUp())
  }

  #read = (bytes: Buffer | string): void => {
    this.#cancel?.()
    this.#cancel = undefined
    this.#tell(this.#decoder.feed(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))
    const { wait } = this.#decoder
    if (wait !== undefined && this.#isOn)
      this.#cancel = realClock.after(wait, () => {
        this.#cancel = undefined
        this.#tell(this.#decoder.giveUp())
      })
  }

  #tell(presses: readonly KeyPress[]): void {
    for (const press of presses) this.#onKey(press)
  }
}

/** ncurses' `ESCDELAY`: how long to wait after Esc, in milliseconds. */
export function keyTimes(env: NodeJS.ProcessEnv): KeyTimes {
  const wanted = Number(env.ESCDELAY)
  if (!env.ESCDELAY || !(wanted >= 10 && wanted <= 5000)) return usualTimes
  return { ...usualTimes, escape: wanted, sequence: Math.max(wanted, usualTimes.sequence) }
}
