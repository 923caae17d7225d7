import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { noSlowFacts, readLvs } from './client.ts'

/** Milliseconds. */
const timeout = 8_000

/** Tries what the console needs of a balancer's table. */
export async function checkLvs(checks: Checks, shell: Shell, sudo: boolean): Promise<void> {
  const host = checks.host.name
  const read = () => readLvs({ host, shell, sudo, timeout }, noSlowFacts)
  const isRead = await checks.attempt(
    say`virtual services`,
    async () => say`${(await read()).services.length} of them`,
  )
  if (!isRead) return
  await checks.attempt(
    say`rates and changes (ipvsadm)`,
    async () => {
      const { partial } = await read()
      if (partial) throw new HostError('refused', host, partial)
      return say`ipvsadm`
    },
    true,
  )
}
