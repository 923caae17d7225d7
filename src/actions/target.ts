import type { MachineRecord } from '../fleet/model.ts'
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

export function running(machine: MachineRecord): boolean {
  return machine.state !== 'migrating' && isActive(machine.state)
}

/** What every change of a machine needs: its host answers, and libvirt knows it. */
export function reachable(machine: MachineRecord, { snapshot }: Context): true | Label {
  const host = snapshot.hosts.find(({ name }) => name === machine.host)
  if (!host?.reachable)
    return say`${label(machine.host)} does not answer${host?.trouble ? say`: ${host.trouble.reason}` : say``}`
  return machine.foreign
    ? say`xl made it and libvirt does not know it: use xl on ${label(machine.host)}`
    : true
}

/** And most need that it is not on its way to another host. */
export function settledHere(machine: MachineRecord, context: Context): true | Label {
  const can = reachable(machine, context)
  return can === true && machine.migration ? say`it is migrating to ${label(machine.migration.to)}` : can
}
