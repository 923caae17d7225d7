import { permitted } from '../actions/action.ts'
import { at } from '../actions/machine/target.ts'
import { actionsOf } from '../actions/table.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { whyOf } from '../hosts/host.ts'
import { say } from '../hosts/label.ts'
import { consoleOf } from '../services/libvirt/verbs.ts'
import { readDefinition } from './definition.ts'
import type { ConsoleState } from './state.ts'

/** Shows a machine: what is known of it, its definition, or its serial console. */
export function look(
  console: ConsoleState,
  shows: 'details' | 'xml' | 'console',
  machine: MachineRecord,
): void {
  const action = actionsOf.machine.find((a) => a.kind === 'look' && a.shows === shows)
  const { fleet, snapshot } = console
  const can = action && !console.past ? permitted(action, machine as never, { fleet, snapshot }) : true
  if (can !== true) return console.tell(say`${machine.name}: ${can}`, 'bad')
  if (shows === 'console') return void openConsole(console, machine)
  console.pages.open({ screen: shows === 'xml' ? 'xml' : 'machine', id: machine.uuid })
  if (!console.past) void define(console, machine)
}

/** Reads a machine's definition, each time its page is opened. */
export async function define(console: ConsoleState, machine: MachineRecord): Promise<void> {
  const definition = await readDefinition(console.fleet, machine)
  console.definitions = new Map([...console.definitions, [machine.uuid, definition]])
  console.changed()
}

async function openConsole(console: ConsoleState, machine: MachineRecord): Promise<void> {
  const host = console.fleet.member(machine.host)?.host
  if (!host || !console.lend) return
  try {
    await console.lend(async (terminal) => {
      terminal.stdout.write(`\r\n${machine.name} on ${machine.host}. Ctrl-] comes back to the console.\r\n`)
      await host.terminal(consoleOf(at(machine, console)), terminal)
      // What the shell prints one day does not stand behind the machine's last line.
      terminal.stdout.write('\r\n')
    })
  } catch (error) {
    console.tell(whyOf(error), 'bad')
  }
  console.changed()
}
