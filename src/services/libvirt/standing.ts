import type { Host } from '../../hosts/host.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { virsh } from './client.ts'
import { parseDomstate } from './parse.ts'
import { isGone, refusal } from './refusal.ts'
import type { MachineState } from './states.ts'

/** How a machine stands on a host, which is asked for it by UUID and for nothing else. Throws `HostError` when it cannot tell. */
export async function standingOf(
  host: Host,
  uri: string,
  uuid: string,
  signal: AbortSignal,
): Promise<MachineState | 'gone'> {
  const { code, stdout, stderr } = await host.run(virsh(uri, 'domstate', uuid), { signal })
  if (code !== 0 && isGone(stderr)) return 'gone'
  if (code !== 0) throw refusal(host.name, stderr)
  const told = parseDomstate(stdout)
  if (!told) throw new HostError('refused', host.name, say`virsh domstate names no state`)
  return told.state
}
