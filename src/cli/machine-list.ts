import { permitted } from '../actions/action.ts'
import { commandText } from '../actions/step-text.ts'
import { machineActions } from '../actions/table.ts'
import { at } from '../actions/target.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { stateText } from '../fleet/machine/conditions.ts'
import { otherAtNextStart } from '../fleet/machine/next-start.ts'
import { placesOf } from '../fleet/machine/places.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { ageOf, isStale, type Snapshot } from '../fleet/snapshot.ts'
import { joined, type Label, label, labelLines, say } from '../hosts/label.ts'
import { refusal } from '../services/libvirt/refusal.ts'
import { consoleOf, dumpXml } from '../services/libvirt/verbs.ts'
import { parseDomainXml } from '../services/libvirt/xml.ts'
import { memory, percent, span } from '../text/format.ts'
import { dash } from '../text/part.ts'
import { machineFacts } from '../views/machine/facts.ts'
import { machineView } from '../views/machine/view.ts'
import { exit, Failure } from './exit.ts'
import { findMachine } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { type Narrowing, onHosts } from './narrow.ts'
import { json, print, table } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

/** `32M>4.0M`: now, and from its next start on. */
function withNext(now: Label, next: Label | undefined): Label {
  return next === undefined ? now : say`${now}>${next}`
}

export interface LookOptions {
  readonly json?: boolean
}

export type ListOptions = LookOptions & Pick<Narrowing, 'host'>

/** `vdd machine list` */
export async function list(globals: GlobalOptions, options: ListOptions): Promise<number> {
  return await withFleet(globals, 'loads', async (fleet, snapshot) => {
    const isOn = onHosts(options, snapshot)
    const machines = snapshot.machines
      .filter((m) => isOn(m) || placesOf(m).some(isOn))
      .sort((a, b) => a.rawName.localeCompare(b.rawName, 'en', { numeric: true }))
    if (options.json) print(json(machines.map((m) => machineView.json(m, { snapshot, now: fleet.now() }))))
    else print(machineTable(machines, snapshot, fleet.now()))
    return complain(snapshot)
  })
}

function machineTable(machines: readonly MachineRecord[], snapshot: Snapshot, now: number): string {
  const heading = ['NAME', 'STATE', 'HOST', 'VCPUS', 'CPU', 'USED', 'MEMORY', 'SEEN']
  const rows = machines.flatMap(placesOf).map((m) => {
    const next = otherAtNextStart(m)
    return [
      m.name,
      m.runsTwice ? say`${stateText(m)}, twice` : stateText(m),
      label(m.host),
      withNext(
        m.vcpus === undefined ? dash : say`${m.vcpus}`,
        next.vcpus === undefined ? undefined : say`${next.vcpus}`,
      ),
      percent(m.cpuPercent),
      memory(m.memoryUsedKiB),
      withNext(memory(m.memoryKiB), next.memoryKiB === undefined ? undefined : memory(next.memoryKiB)),
      isStale(snapshot, m.host, now) ? say`${span(ageOf(snapshot, m.host, now))} ago` : say`now`,
    ]
  })
  return table(heading, rows, [3, 4, 5, 6])
}

/** `vdd machine show|xml|console` */
export async function look(
  shows: 'details' | 'xml' | 'console',
  word: string,
  globals: GlobalOptions,
  options: LookOptions,
): Promise<number> {
  return await withFleet(globals, shows === 'details' && 'loads', async (fleet, snapshot) => {
    const machine = findMachine(snapshot, word)
    if (shows === 'details') return await show(machine, snapshot, fleet, options)
    if (machine.runsTwice && word !== `${machine.rawName}@${machine.host}`) {
      const choices = placesOf(machine).map(({ name, host }) => say`${name}@${label(host)}`)
      throw new Failure(
        exit.refused,
        say`${machine.name} runs on several hosts at once: name ${joined(choices, ' or ')}`,
      )
    }
    const host = fleet.member(machine.host)?.host
    const action = machineActions.find((a) => a.kind === 'look' && a.shows === shows)
    const can = action ? permitted(action, machine as never, { fleet, snapshot }) : true
    if (can !== true) throw new Failure(exit.refused, say`${machine.name}: ${can}`)
    if (!host) throw new Failure(exit.notFound, say`${label(machine.host)} is not in the configuration`)
    if (shows === 'console') {
      if (!process.stdin.isTTY)
        throw new Failure(
          exit.usage,
          say`console needs a terminal; on ${label(machine.host)}: ${commandText(consoleOf(at(machine, { fleet })))}`,
        )
      return (
        (await host.terminal(consoleOf(at(machine, { fleet })), {
          stdin: process.stdin,
          stdout: process.stdout,
        })) ?? exit.failed
      )
    }
    const { code, stdout, stderr } = await host.run(dumpXml(at(machine, { fleet })))
    if (code !== 0) throw refusal(machine.host, stderr)
    print(options.json ? json({ uuid: machine.uuid, xml: stdout }) : labelLines(stdout).join('\n'))
    return exit.ok
  })
}

async function show(
  machine: MachineRecord,
  snapshot: Snapshot,
  fleet: Fleet,
  options: LookOptions,
): Promise<number> {
  const now = fleet.now()
  if (options.json) print(json(machineView.json(machine, { snapshot, now })))
  else {
    for (const [name, value] of machineFacts(machine, snapshot, now)) print(`${name.padEnd(11)} ${value}`)
    const devices = await readDevices(machine, fleet)
    if (devices) print(devices)
  }
  return complain(snapshot)
}

/** The tables of its devices; a machine whose definition cannot be read is shown without. */
async function readDevices(machine: MachineRecord, fleet: Fleet): Promise<string> {
  const { code, stdout } = (await fleet.member(machine.host)?.host.run(dumpXml(at(machine, { fleet })))) ?? {
    code: 1,
    stdout: '',
  }
  if (code !== 0) return ''
  const { deviceTables } = await import('./devices.tsx')
  return deviceTables(parseDomainXml(stdout))
}
