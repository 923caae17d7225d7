import { permitted } from '../actions/action.ts'
import { at } from '../actions/machine/target.ts'
import { commandText } from '../actions/step-text.ts'
import { actionsOf } from '../actions/table.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { placesOf } from '../fleet/machine/places.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { joined, label, labelLines, say } from '../hosts/label.ts'
import { refusal } from '../services/libvirt/refusal.ts'
import { consoleOf, dumpXml } from '../services/libvirt/verbs.ts'
import { parseDomainXml } from '../services/libvirt/xml.ts'
import { exit, Failure } from './exit.ts'
import { findMachine } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { json, print } from './output.ts'
import { withFleet } from './with-fleet.ts'

export interface LookOptions {
  readonly json?: boolean
}

/** `vdd machine xml|console` */
export async function look(
  shows: 'xml' | 'console',
  word: string,
  globals: GlobalOptions,
  options: LookOptions,
): Promise<number> {
  return await withFleet(globals, false, async (fleet, snapshot) => {
    const machine = findMachine(snapshot, word)
    if (machine.runsTwice && word !== `${machine.rawName}@${machine.host}`) {
      const choices = placesOf(machine).map(({ name, host }) => say`${name}@${label(host)}`)
      throw new Failure(
        exit.refused,
        say`${machine.name} runs on several hosts at once: name ${joined(choices, ' or ')}`,
      )
    }
    const host = fleet.member(machine.host)?.host
    const action = actionsOf.machine.find((a) => a.kind === 'look' && a.shows === shows)
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

/** The tables of its devices; a machine whose definition cannot be read is shown without. */
export async function deviceText(machine: MachineRecord, fleet: Fleet): Promise<string> {
  const { code, stdout } = (await fleet.member(machine.host)?.host.run(dumpXml(at(machine, { fleet })))) ?? {
    code: 1,
    stdout: '',
  }
  if (code !== 0) return ''
  const { deviceTables } = await import('./devices.tsx')
  return deviceTables(parseDomainXml(stdout))
}
