import type { MachineRecord } from '../../fleet/machine/record.ts'
import { whyOf } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { standingOf } from '../../services/libvirt/standing.ts'
import { isActive, type MachineState } from '../../services/libvirt/states.ts'
import type { DomainTarget } from '../../services/libvirt/verbs.ts'
import type { Change, Context } from '../action.ts'
import { presentOf } from '../subjects.ts'

/** Where libvirt's verbs find this machine. */
export function at(machine: MachineRecord, { fleet }: Pick<Context, 'fleet'>): DomainTarget {
  return {
    host: machine.host,
    uri: fleet.member(machine.host)?.config.libvirt ?? 'qemu:///system',
    uuid: machine.uuid,
  }
}

type Objection = NonNullable<Change<MachineRecord>['objection']>

/**
 * The host is asked for the machine by UUID before its end is believed: a machine can be missing in a list and still run.
 * `agrees`: the states in which it has ended.
 */
function unless(agrees: (standing: MachineState | 'gone') => boolean): Objection {
  return async (machine, _answers, context, signal) => {
    const { host: name, uri, uuid } = at(machine, context)
    const host = context.fleet.member(name)?.host
    if (!host) return say`${label(name)} is not in the configuration`
    try {
      const standing = await standingOf(host, uri, uuid, signal)
      return agrees(standing) ? undefined : say`${label(name)} says that it is ${label(standing)} there`
    } catch (error) {
      return say`whether it is done is not known: ${whyOf(error)}`
    }
  }
}

export const unlessEnded = unless((standing) => standing === 'gone' || !isActive(standing))
/** For a machine that no host lists any more. One that is listed without a definition still runs. */
export const unlessGone: Objection = async (machine, ...rest) =>
  presentOf('machine', machine, rest[1].snapshot)
    ? undefined
    : await unless((standing) => standing === 'gone')(machine, ...rest)

export function running(machine: MachineRecord): boolean {
  return machine.state !== 'migrating' && isActive(machine.state)
}

/** What every change of a machine needs: its host answers, and libvirt knows it. */
export function reachable(machine: MachineRecord, { snapshot }: Context): true | Label {
  const host = snapshot.hosts.find(({ name }) => name === machine.host)
  if (host?.trouble?.hostAnswers) return say`${label(machine.host)}: ${host.trouble.reason}`
  if (!host?.reachable)
    return say`${label(machine.host)} does not answer${host?.trouble ? say`: ${host.trouble.reason}` : say``}`
  return machine.foreign
    ? say`xl made it and libvirt does not know it: use xl on ${label(machine.host)}`
    : true
}

/** The same, and the machine is not migrating. */
export function settledHere(machine: MachineRecord, context: Context): true | Label {
  const can = reachable(machine, context)
  return can === true && machine.migration ? say`it is migrating to ${label(machine.migration.to)}` : can
}
