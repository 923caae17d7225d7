import { label } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { count } from '../../hosts/numbers.ts'
import type { FileSystem } from './facts.ts'

/** Types that can never fill up, are memory, or are mounted by any user with what size he likes. */
const ignored = /^(fuse(\..*)?|squashfs|iso9660|udf|(dev)?tmpfs|ramfs|overlay|efivarfs|autofs|proc|sysfs)$/

/** Lines of `df -PkT`: device, type, blocks, used, available, share, mount point. Lines that are none are left out; `left`: how many more there are. */
export function parseDf(text: string): { all: FileSystem[]; left: number } {
  const all: FileSystem[] = []
  let left = 0
  for (const line of text.split('\n').slice(1)) {
    const words = line.split(/ +/)
    const at = words.findIndex((word, i) => i >= 5 && /^\d+%$/.test(word))
    const [type = '', , used, available] = words.slice(at - 4, at)
    const [usedKiB, availableKiB] = [count(used), count(available)]
    const mountedOn = words.slice(at + 1).join(' ')
    if (at < 0 || ignored.test(type) || usedKiB === undefined || availableKiB === undefined) continue
    if (!mountedOn.startsWith('/')) continue
    if (all.length === limits.fileSystems) left++
    else all.push({ mountedOn: label(mountedOn), usedKiB, availableKiB })
  }
  return { all, left }
}
