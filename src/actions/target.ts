import type { HostRecord, MachineRecord, Snapshot } from '../fleet/model.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { isActive } from '../services/libvirt/states.ts'
import type { Target } from '../services/libvirt/verbs.ts'
import type { Context } from './action.ts'

/** Where libvirt's verbs find this machine. */
export function at(machine: MachineRecord, { fleet }: Pick<Context, 'fleet'>): Target {
  return {
    host: machine.host,
    uri: fleet.member(machine.host)?.config.libvirt ?? 'qemu:///system',
    uuid: machine.uuid,
  }
}

/**
 * The name of what is acted on, to be shown. A machine's is a label already, and made one again its backslashes would double;
 * a host's is kept to plain letters by the configuration.
 */
export function nameOf({ name }: Pick<MachineRecord | HostRecord, 'name'>): Label {
  return name as Label
}

/** The machine as it is now; undefined when it has gone. */
export function current(machine: MachineRecord, snapshot: Snapshot): MachineRecord | undefined {
  return snapshot.machines.find(({ uuid }) => uuid === machine.uuid)
}

export function running(machine: MachineRecord): boolean {
  return machine.state !== 'migrating' && isActive(machine.state)
}

/** The preconditions that every change shares: it is still there, its host answers, and it is not on its way elsewhere. */
export function reachable(machine: MachineRecord, { snapshot }: Context): true | Label {
  const now = current(machine, snapshot)
  if (!now) return say`${machine.name} is gone`
  const host = snapshot.hosts.find(({ name }) => name === now.host)
  if (host?.driver === 'xen' && now.uuid === '00000000-0000-0000-0000-000000000000')
    return say`Domain-0 is the host itself`
  if (!host?.reachable)
    return say`${label(now.host)} does not answer${host?.trouble ? say`: ${host.trouble.reason}` : say``}`
  if (now.foreign) return say`xl made it and libvirt does not know it: use xl on ${label(now.host)}`
  return now.migration ? say`it is migrating to ${label(now.migration.to)}` : true
}
