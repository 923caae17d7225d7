import type { Command, Said } from './command.ts'
import { hostCommands } from './host/commands.ts'
import { machineCommands } from './machine/commands.ts'
import { poolCommands } from './pool/commands.ts'
import type { World } from './world.ts'

/** The commands of virsh for each kind. */
const commands: ReadonlyMap<string, Command> = new Map(
  [hostCommands, machineCommands, poolCommands].flatMap(Object.entries),
)

/** The virsh of a demo host: the commands that the console uses, answered in the forms of libvirt 9.0. */
export async function demoVirsh(
  world: World,
  host: string,
  words: readonly string[],
  input = '',
): Promise<Said> {
  const [name = '', ...rest] = words
  const command = commands.get(name)
  if (!command) return { err: `error: unknown command: '${name}'` }
  world.hypervisors.advance(host)
  return command(world, host, rest, input)
}
