import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { readCluster, readLeftRules } from './client.ts'

/** Milliseconds. */
const timeout = 8_000

/** Tries what the console needs of a node of a Pacemaker cluster. */
export async function checkPacemaker(checks: Checks, shell: Shell): Promise<void> {
  const asking = { host: checks.host.name, shell, timeout }
  const isRead = await checks.attempt(say`Pacemaker (crm_mon)`, async () => {
    const { nodes, resources } = await readCluster(asking)
    return say`${nodes.length} nodes, ${resources.length} resources`
  })
  if (!isRead) return
  await checks.attempt(
    say`rules that moves leave (cibadmin)`,
    async () => {
      const rules = await readLeftRules(asking)
      if (!rules) throw new HostError('refused', asking.host, say`cibadmin does not tell them`)
      return say`${rules.length} of them`
    },
    true,
  )
}
