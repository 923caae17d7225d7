import { isBad } from '../../fleet/machine/conditions.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { highest, type Sorts } from '../sort.ts'

/** By which machines can be sorted: the columns of the Machines screen. */
export const machineSorts: Sorts<MachineRecord> = {
  name: { by: ({ name }) => name },
  state: { by: (m) => (isBad(m) ? ' ' : '') + m.state },
  host: { by: ({ host }) => host },
  cpu: highest(({ cpuPercent }) => cpuPercent),
  memory: highest(({ memoryUsedKiB, memoryKiB }) => memoryUsedKiB ?? memoryKiB),
  up: { by: ({ startedAt }) => (startedAt === undefined ? undefined : -startedAt) },
  net: highest(({ net }) => net && net.in + net.out),
  disk: highest(({ disk }) => disk && disk.in + disk.out),
  vcpus: { by: ({ vcpus }) => vcpus },
  auto: { by: ({ autostart }) => (autostart ? 0 : 1) },
  display: { by: ({ graphics }) => graphics },
  title: { by: ({ title }) => title },
}
