interface Made<T> {
  readonly parts: readonly unknown[]
  readonly value: T
}

/** What was made of something: as long as its parts are the same, it is the same object, and nobody has to look at it again. */
export class Kept<T> {
  readonly #made = new Map<string, Made<T>>()

  /** @param parts all that `make` uses */
  of(key: string, parts: readonly unknown[], make: () => T): T {
    const known = this.#made.get(key)
    if (known && isSame(known.parts, parts)) return known.value
    const value = make()
    this.#made.set(key, { parts, value })
    return value
  }

  /** Forgets all others, if there are others. */
  only(keys: readonly string[]): void {
    if (this.#made.size === keys.length) return
    const present = new Set(keys)
    for (const key of this.#made.keys()) if (!present.has(key)) this.#made.delete(key)
  }
}

/** The list before, where the new one has the same objects in the same order. */
export function sameList<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return isSame(before, after) ? before : after
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
