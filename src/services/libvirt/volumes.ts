import { type Label, label } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'

/** A volume of a storage pool, in bytes: what it may grow to, and what it takes now. */
export interface Volume {
  readonly name: Label
  readonly capacity: number
  readonly allocation: number
}

const units = ['B', 'bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/**
 * `vol-list --details`: name, path, type, capacity and allocation, the latter with two decimals and a unit (virsh-volume.c), so that
 * sums are right to a hundredth of that. At least two blanks stand between columns, and names may hold single ones. Lines without
 * sizes are passed over.
 */
export function parseVolumes(text: string): Volume[] {
  const volumes: Volume[] = []
  for (const line of text.split('\n')) {
    const cells = line.trim().split(/ {2,}/)
    const [capacity, allocation] = cells.slice(-2).map(bytesOf)
    if (cells.length < 5 || capacity === undefined || allocation === undefined) continue
    volumes.push({ name: label(cells[0] ?? ''), capacity, allocation })
    if (volumes.length >= limits.volumes) break
  }
  return volumes
}

/** `3.42 GiB` */
function bytesOf(cell: string): number | undefined {
  const [number = '', unit = '', more] = cell.split(' ')
  const value = Number(number)
  const power = Math.max(0, units.indexOf(unit) - 1)
  const isSize = more === undefined && number !== '' && units.includes(unit) && value >= 0
  return isSize && Number.isFinite(value) ? value * 1024 ** power : undefined
}
