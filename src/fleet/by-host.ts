import { oncePer } from '../hosts/once.ts'

const byHost = oncePer(
  (all: readonly { readonly host: string }[]): ReadonlyMap<string, unknown> =>
    new Map(all.map((one) => [one.host, one])),
)

/** The one of this host; undefined: there is none. A list is indexed once, since each of hundreds of hosts is looked for in it. */
export function ofHost<T extends { readonly host: string }>(
  all: readonly T[],
  host: string | undefined,
): T | undefined {
  return byHost(all).get(host ?? '') as T | undefined
}
