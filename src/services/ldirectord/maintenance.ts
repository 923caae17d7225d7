import { oncePer } from '../../hosts/once.ts'
/**
 * The names of files in the maintenance directory that take a real server out, the narrowest first: its address with its port, its
 * address alone, and the same with its name. The name is the one of a reverse lookup on the balancer, whole and up to the first dot; one
 * without a dot or with capitals has no short form (docs/internals/lvs.md, "Maintenance files").
 */
export function maintenanceNames(real: string, name: string | undefined): string[] {
  const [, address = real, port = ''] = /^(.*):(\d+)$/.exec(real) ?? []
  const short = name !== undefined && /^[a-z0-9-]+\./.test(name) ? [name.split('.')[0] ?? ''] : []
  const names = [address, ...(name === undefined ? [] : [name]), ...short]
  return [...names.map((one) => `${one}:${port}`), ...names]
}

/** The files that take this real server out. */
export function inMaintenance(
  files: readonly string[],
  real: string,
  names: ReadonlyMap<string, string>,
): string[] {
  const there = setOf(files)
  return maintenanceNames(real, names.get(addressOf(real))).filter((name) => there.has(name))
}

/** The same for each of many real servers. */
const setOf = oncePer((files: readonly string[]): ReadonlySet<string> => new Set(files))

/** The address of a real server, without port and brackets. */
export function addressOf(real: string): string {
  return real.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
