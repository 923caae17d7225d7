/** Milliseconds that a session may rest, and last; none: as long as it likes. */
export interface Limits {
  readonly idle?: number | undefined
  readonly total?: number | undefined
}

export type LimitKind = 'idle' | 'total'

/** What time says of a session: a person is warned, once, before it ends. `left`: milliseconds. */
export type Verdict =
  | { readonly warn: LimitKind; readonly left: number }
  | { readonly end: LimitKind }
  | undefined

/** Milliseconds before the end at which a person is warned: time to press a key, and time to save one's work. Of a short limit the last fifth. */
const warning = { idle: 2 * 60_000, total: 10 * 60_000 }

/** Looks again and again whether a session has had its time. */
export class TimeLimits {
  readonly #limits: Limits
  readonly #warned = new Set<LimitKind>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** @param idle milliseconds since a key or the pointer was used, undefined: that is not known; @param age since it was opened */
  look({ idle, age }: { readonly idle: number | undefined; readonly age: number }): Verdict {
    const spent = { idle, total: age }
    for (const kind of ['total', 'idle'] as const) {
      const limit = this.#limits[kind]
      const used = spent[kind]
      if (limit === undefined || used === undefined) continue
      const left = limit - used
      if (left <= 0) return { end: kind }
      if (left > Math.min(warning[kind], limit / 5)) this.#warned.delete(kind)
      else if (!this.#warned.has(kind)) {
        this.#warned.add(kind)
        return { warn: kind, left }
      }
    }
    return undefined
  }
}
