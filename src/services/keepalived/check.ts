import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { readKeepalived, readSlow } from './client.ts'

/** Milliseconds. */
const timeout = 8_000

/** Tries what the console needs of a balancer under keepalived. */
export async function checkKeepalived(checks: Checks, shell: Shell, sudo: boolean): Promise<void> {
  const host = checks.host.name
  const asking = { host, shell, sudo, timeout }
  let isTold = false
  const isRead = await checks.attempt(say`keepalived`, async () => {
    const { isRunning, instances, isTold: told } = await readKeepalived(asking, await readSlow(asking))
    isTold = told
    if (!isRunning)
      throw new HostError('refused', host, say`keepalived is stopped there`, say`systemctl start keepalived`)
    return say`${instances.length} instances`
  })
  if (!isRead) return
  await checks.attempt(
    say`states and priorities (keepalived's JSON)`,
    async () => {
      if (!isTold)
        throw new HostError(
          'refused',
          host,
          say`this account may not ask for them: master and backup are known by the addresses alone`,
          say`docs/permissions.md, "keepalived pairs"`,
        )
      return say`told`
    },
    true,
  )
}
