import type { Raw } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { virsh } from './client.ts'
import type { Watched } from './connection.ts'
import type { PoolSize } from './facts.ts'
import { parsePoolInfo } from './parse.ts'
import { parseVolumes } from './volumes.ts'

/** Milliseconds between two looks: a pool fills slowly. */
const every = 60_000

/**
 * How full the storage pools are. libvirt tells what it saw at its last `pool-refresh`, or when it last made or took away a volume
 * (storage_driver.c, storagePoolGetInfo): what guests write into thin disks shows in the file system below it first.
 *
 * Asked beside the session: a pool that is being refreshed answers when that has ended, and the machines should not wait for it.
 */
export class PoolSizes {
  readonly #watched: Watched
  #known: readonly PoolSize[] | undefined
  #readAt = Number.NEGATIVE_INFINITY

  constructor(watched: Watched) {
    this.#watched = watched
  }

  /** `undefined`: not read yet. */
  get known(): readonly PoolSize[] | undefined {
    return this.#known
  }

  /** Asks when that is due; a look does not wait for it, the answer is used by the next one. */
  async read(pools: readonly Raw[]): Promise<void> {
    const { host, uri, signal, now } = this.#watched
    if (now() - this.#readAt < every) return
    this.#readAt = now()
    const known: PoolSize[] = []
    try {
      for (const name of pools.slice(0, limits.poolSizes)) {
        const { code, stdout } = await host.run(virsh(uri, 'pool-info', '--bytes', '--', name), { signal })
        const size = code === 0 ? parsePoolInfo(stdout) : undefined
        if (size) known.push({ rawName: name, at: now(), ...size, ...(await this.#volumes(name)) })
      }
      this.#known = known
    } catch {
      // What is known stays; that the host does not answer is told by its looks.
    }
  }

  /** Of a pool whose volumes cannot be read the size is told all the same. */
  async #volumes(pool: Raw): Promise<Pick<PoolSize, 'volumes'>> {
    const { host, uri, signal } = this.#watched
    const { code, stdout } = await host.run(virsh(uri, 'vol-list', '--details', '--', pool), { signal })
    return code === 0 ? { volumes: parseVolumes(stdout) } : {}
  }
}
