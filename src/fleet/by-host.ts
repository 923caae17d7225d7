const indexes = new WeakMap<readonly unknown[], ReadonlyMap<string, unknown>>()

/** The one of this host; undefined: there is none. A list is indexed once, since each of hundreds of hosts is looked for in it. */
export function ofHost<T extends { readonly host: string }>(
  all: readonly T[],
  host: string | undefined,
): T | undefined {
  const index = indexes.get(all) ?? new Map(all.map((one) => [one.host, one]))
  indexes.set(all, index)
  return index.get(host ?? '') as T | undefined
}
