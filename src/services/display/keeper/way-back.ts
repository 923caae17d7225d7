import { setTimeout as sleep } from 'node:timers/promises'
import { type Ours, Outer } from '../x11/outer.ts'
import type { Env } from './screen.ts'

/** Milliseconds between two looks whether the window is there, and how often: a viewer needs a moment. */
const looks = { every: 200, most: 50 }

/**
 * The way back from a channel that fills the screen: Ctrl+Alt+Home puts it behind, and what was below it is in front again. It is heard on the terminal, whatever
 * the session does with its own keys.
 */
export class WayBack {
  readonly #ending = new AbortController()
  #outer: Outer | undefined

  constructor(env: Env, ours: Ours) {
    // Without it the desk is behind a window: no reason to end that.
    void this.#listen(env, ours).catch(() => {})
  }

  /** Whether the terminal answers; true where it was never heard. */
  async answers(): Promise<boolean> {
    return (await this.#outer?.answers()) ?? true
  }

  end(): void {
    this.#ending.abort()
  }

  async #listen(env: Env, ours: Ours): Promise<void> {
    const { signal } = this.#ending
    const outer = await Outer.open(env)
    signal.addEventListener('abort', () => outer.close(), { once: true })
    if (signal.aborted) return outer.close()
    this.#outer = outer
    const pressed = () => void outer.lower(ours).catch(() => {})
    for (let i = 0; i < looks.most; i++) {
      if (await outer.onWayBack(ours, pressed)) return
      await sleep(looks.every, undefined, { signal })
    }
    this.#outer = undefined
    outer.close()
  }
}
