import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { label } from '../../hosts/label.ts'
import { count } from '../../hosts/numbers.ts'
import type { Link } from './facts.ts'

/** The network interfaces of this machine, as the kernel tells of them: Documentation/ABI/testing/sysfs-class-net. `root`: another one, for tests. */
export async function readLinks(root = '/'): Promise<Link[]> {
  const folder = join(root, 'sys/class/net')
  const names = await readdir(folder).catch(() => [])
  const links = await Promise.all(names.toSorted().map((name) => readLink(join(folder, name), name)))
  return links.filter((link) => link !== undefined)
}

async function readLink(path: string, name: string): Promise<Link | undefined> {
  const has = (what: string) =>
    access(join(path, what)).then(
      () => true,
      () => false,
    )
  // One that is down refuses to tell its carrier and its speed.
  const word = async (what: string) => (await readFile(join(path, what), 'utf8').catch(() => '')).trim()
  const [isReal, isWireless, carrier, speed] = await Promise.all([
    has('device'),
    has('wireless'),
    word('carrier'),
    word('speed'),
  ])
  if (!isReal) return undefined
  const mbps = count(speed)
  return { name: label(name), isUp: carrier === '1', isWireless, ...(mbps ? { mbps } : {}) }
}
