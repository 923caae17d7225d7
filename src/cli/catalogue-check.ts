import { addressOf, type SystemConfig, type SystemMachine } from '../config/desk.ts'
import type { FromDirectory } from '../fleet/directory/ask.ts'
import { conditionOf, type Snapshot } from '../fleet/snapshot.ts'
import type { Host } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { spokenHere } from '../services/display/keeper/viewers.ts'
import type { ScreenProtocol } from '../services/screen-protocol.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { Found } from './catalogue-fault.ts'
import { type AskXml, screenFault, viewerFault } from './catalogue-screens.ts'

/** What is wrong with the catalogue, and where. */
interface CatalogueFault extends Found {
  readonly system: string
  readonly machine?: string
}

/** What the machine on which this runs knows, and the site's directory where that is asked for groups. */
export interface Directory {
  /** Why nobody is in a group; undefined: it is there. */
  missing(group: string): Promise<Label | undefined>
  hasAddress(name: string): Promise<boolean>
  /** for what there is a viewer */
  speaks(): Promise<readonly ScreenProtocol[]>
}

/** Whether the site's directory has a group. */
export type AskGroup = (name: string) => Promise<FromDirectory<boolean>>

/** Asks getent(1), as everything on this machine does, and then the directory. */
export function directoryOf(host: Pick<Host, 'run'>, inDirectory?: AskGroup): Directory {
  const has = async (database: string, name: string) =>
    (await host.run(['getent', database, '--', name])).code === 0
  return {
    missing: async (name) => {
      if (await has('group', name)) return undefined
      const told = await inDirectory?.(name)
      if (!told) return say`there is no group ${label(name)} on this machine`
      if ('unknown' in told)
        return say`group ${label(name)} is not on this machine, and the directory does not tell: ${told.unknown}`
      return told.value
        ? undefined
        : say`there is no group ${label(name)}, on this machine or in the directory`
    },
    hasAddress: (name) => has('ahosts', name.replace(/^\[|\]$/g, '')),
    speaks: () => spokenHere(process.env),
  }
}

/** All that is wrong with the systems, in their order. What is not known, since a host does not answer, is not wrong. */
export async function faultsOf(
  systems: readonly SystemConfig[],
  snapshot: Snapshot,
  now: number,
  directory: Directory,
  askXml: AskXml,
): Promise<CatalogueFault[]> {
  const faults: CatalogueFault[] = []
  for (const system of systems) {
    for (const group of system.groups ?? []) {
      const what = await directory.missing(group)
      if (what)
        faults.push({
          system: system.name,
          what,
          advice: say`correct its name in "groups", or make it: groupadd ${label(group)}`,
        })
    }
    for (const machine of system.machines) {
      const at = { system: system.name, machine: machine.name }
      const found = machine.always ? undefined : standingFault(machine, snapshot, now)
      if (found) faults.push({ ...at, ...found })
      const record =
        found || system.shows !== 'screen'
          ? undefined
          : snapshot.machines.find(({ rawName }) => rawName === machine.name)
      const speaks = await directory.speaks()
      const unseen =
        system.shows === 'rdp'
          ? viewerFault(['rdp'], speaks)
          : record && (await screenFault(record, askXml, speaks))
      if (unseen) faults.push({ ...at, ...unseen })
      const address = addressOf(machine)
      // A screen comes from the hypervisor: nobody connects to the machine.
      if (system.shows === 'session' && !(await directory.hasAddress(address)))
        faults.push({
          ...at,
          what: say`${label(address)} is no address that this machine can find`,
          advice: say`"address" says where its sshd is; or make the name known (DNS, /etc/hosts)`,
        })
      const double = doubleOf(machine, system, systems)
      if (double) faults.push({ ...at, ...double })
    }
  }
  return faults
}

function standingFault({ name }: SystemMachine, snapshot: Snapshot, now: number): Found | undefined {
  const found = snapshot.machines.filter(({ rawName }) => rawName === name)
  if (found.length > 1)
    return {
      what: say`several machines are called so, on ${label(found.map(({ host }) => host).join(' and '))}: none of them is given to anybody`,
      advice: say`give one of them another name, or undefine it`,
    }
  const hypervisors = snapshot.hosts.filter(({ roles }) => roles.includes('hypervisor'))
  const isSilent = hypervisors.some((host) => conditionOf(snapshot, host, now) !== 'up')
  if (found.length || isSilent) return undefined
  const near = didYouMean(
    name,
    snapshot.machines.map(({ rawName }) => rawName),
  )
  return {
    what: say`no hypervisor has it`,
    advice: near ?? say`correct its name, or make it; "always: true" if it is no machine of a hypervisor`,
  }
}

/** It is named in a system before this one, or what is named there is found at the same place. */
function doubleOf(
  machine: SystemMachine,
  system: SystemConfig,
  systems: readonly SystemConfig[],
): Found | undefined {
  const place = (one: SystemMachine) => `${addressOf(one)} ${one.port ?? 22}`
  const before = systems
    .slice(0, systems.indexOf(system) + 1)
    .flatMap((one) =>
      one.machines
        .slice(0, one === system ? one.machines.indexOf(machine) : undefined)
        .map((other) => ({ in: one, other })),
    )
  const named = before.find(({ other }) => other.name === machine.name)
  if (named)
    return {
      what: say`it is in system ${label(named.in.name)}, too: who has it there has it here`,
      advice: say`name it in one of both`,
    }
  const placed = before.find(({ other }) => place(other) === place(machine))
  return (
    placed && {
      what: say`it has the address of ${label(placed.other.name)} in system ${label(placed.in.name)}`,
      advice: say`give each its own "address", or "port"`,
    }
  )
}
