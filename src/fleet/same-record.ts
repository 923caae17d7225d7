/** Whether two records have the same content, one level deep and in their small parts. Then the old one is kept. */
export function sameRecord<T extends object>(a: T | undefined, b: T): boolean {
  if (!a) return false
  const keys = Object.keys(b) as (keyof T)[]
  return keys.length === Object.keys(a).length && keys.every((key) => sameValue(a[key], b[key]))
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  return sameRecord(a as object, b as object)
}
