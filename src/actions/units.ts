import { type Label, label, say } from '../hosts/label.ts'

/** KiB as GiB or MiB: `1.5 GiB`, `512 MiB`; of GiB always with one decimal, so that a column of them compares well. */
export function gibibytes(kib: number): Label {
  if (kib < 2 ** 20) return say`${Math.round(kib / 1024)} MiB`
  return label(`${(kib / 2 ** 20).toFixed(1)} GiB`)
}

const factors: Record<string, number> = {
  M: 1024,
  MIB: 1024,
  G: 2 ** 20,
  GIB: 2 ** 20,
  T: 2 ** 30,
  TIB: 2 ** 30,
}

/** `2048M`, `2G`, `1.5GiB` as KiB. Undefined for anything else, also for a bare number, whose unit nobody knows. */
export function parseMemory(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const factor = factors[match?.[2]?.toUpperCase() ?? 'none']
  return match && factor ? Math.round(Number(match[1]) * factor) : undefined
}
