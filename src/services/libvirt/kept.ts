interface Made<T> {
  readonly value: T
  readonly a: unknown
  readonly b: unknown
  readonly c: unknown
  readonly d: unknown
  readonly e: unknown
  readonly f: unknown
}

/**
 * What was made of a machine: as long as its parts are the same, it is the same object, and nobody has to look at it again. Parts are given
 * one by one, six at most, and not as a list: it is asked for every machine every second, and lists would be the most that is thrown away.
 */
export class Kept<T> {
  /** by UUID */
  readonly #made = new Map<string, Made<T>>()

  /** What was made of these parts; `undefined`: it is to be made anew. */
  get(
    uuid: string,
    a?: unknown,
    b?: unknown,
    c?: unknown,
    d?: unknown,
    e?: unknown,
    f?: unknown,
  ): T | undefined {
    const known = this.#made.get(uuid)
    if (!known || known.a !== a || known.b !== b || known.c !== c) return undefined
    return known.d === d && known.e === e && known.f === f ? known.value : undefined
  }

  /** Keeps what was made of these parts. */
  keep(
    uuid: string,
    value: T,
    a?: unknown,
    b?: unknown,
    c?: unknown,
    d?: unknown,
    e?: unknown,
    f?: unknown,
  ): T {
    this.#made.set(uuid, { value, a, b, c, d, e, f })
    return value
  }

  /** Forgets all others, if there are others. */
  only(all: readonly { readonly uuid: string }[]): void {
    if (this.#made.size === all.length) return
    const present = new Set(all.map(({ uuid }) => uuid))
    for (const uuid of this.#made.keys()) if (!present.has(uuid)) this.#made.delete(uuid)
  }
}

/** The list before, where the new one has the same objects in the same order. */
export function sameList<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  if (before.length !== after.length) return after
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) return after
  return before
}
