import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { joined, say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { readHost } from './client.ts'
import type { Watched } from './facts.ts'

/** Milliseconds. */
const timeout = 8_000

/** Tries what the console needs to tell how a host is, and what these processes have open. */
export async function checkProcesses(
  checks: Checks,
  shell: Shell,
  watched: readonly Watched[],
): Promise<void> {
  const host = checks.host.name
  const read = () => readHost({ host, shell, timeout }, watched)
  if (!(await checks.attempt(say`load and memory`, async () => say`${(await read()).cpus} CPUs`))) return
  await checks.attempt(
    say`file descriptors`,
    async () => {
      const { processes, partial } = await read()
      if (partial) throw new HostError('refused', host, partial)
      const blind = processes.find(({ open }) => open === undefined)
      if (blind)
        throw new HostError(
          'refused',
          host,
          say`those of ${blind.name} cannot be counted by this user`,
          say`Linux 6.2 tells everybody; before that only root (docs/permissions.md)`,
        )
      return processes.length
        ? joined(
            processes.map(({ name, open }) => say`${name} ${open ?? 0}`),
            ', ',
          )
        : say`no such process`
    },
    true,
  )
}
