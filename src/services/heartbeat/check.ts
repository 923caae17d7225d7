import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { readHeartbeat, readSlow } from './client.ts'
import { takeover } from './verbs.ts'

/** Milliseconds. */
const timeout = 8_000

/** Tries what the console needs of a node of heartbeat. */
export async function checkHeartbeat(checks: Checks, shell: Shell): Promise<void> {
  const asking = { host: checks.host.name, shell, timeout }
  const isRead = await checks.attempt(say`heartbeat (cl_status)`, async () => {
    const { isRunning, nodes, carried } = await readHeartbeat(asking, await readSlow(asking))
    if (!isRunning) throw stopped(asking.host)
    return say`${nodes.length} nodes, ${carried.length} resources`
  })
  if (!isRead) return
  await checks.attempt(
    say`moving resources (hb_takeover)`,
    async () => {
      const { code } = await shell.run(['test', '-w', takeover.fifo], timeout)
      if (code !== 0)
        throw new HostError(
          'refused',
          asking.host,
          say`this account may not write to its fifo`,
          say`docs/permissions.md, "Clusters"`,
        )
      return say`allowed`
    },
    true,
  )
}

function stopped(host: string): HostError {
  return new HostError('refused', host, say`heartbeat is stopped there`, say`systemctl start heartbeat`)
}
