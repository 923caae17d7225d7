import type { Command } from 'commander'
import { childThat } from '../desk/child.ts'
import { ownProgram } from '../desk/own-program.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { ChannelState } from '../services/display/channel.ts'
import { type Said, saidSchema, type Wish } from '../services/display/opening.ts'
import { configuration } from './configured.ts'
import { displaySize } from './display-size.ts'
import { exit, Failure } from './exit.ts'
import { configWords, type GlobalOptions } from './global-options.ts'
import { json, print, warn } from './output.ts'

interface OpenOptions {
  readonly session?: string
  readonly to?: string
  readonly keep?: boolean
  readonly screen?: boolean
  readonly json?: boolean
}

/** Characters of what the keeper says: as many session managers as it reads, with their names. */
const longestLine = 262_144

/** `vdd display open MACHINE`: a session of a machine in a window of the X display at which this is typed. */
export function addOpenVerb(
  noun: Command,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
): void {
  noun
    .command('open <MACHINE>')
    .description('Opens a session of a machine on your own X display; it stays when this verb has ended.')
    .option(
      '--session <NAME>',
      'its session manager, as in /usr/share/xsessions there (default: the only one)',
    )
    .option('--to <SIZE>', 'how large: full, or WIDTHxHEIGHT (default: full)')
    .option('--keep', 'it outlives this terminal, and can be shown at another')
    .option('--screen', "the machine's own screen, as its hypervisor has it, instead of a session")
    .option('--json', 'as JSON')
    .action(
      async (machine: string, { session, to, keep = false, screen, json: asJson = false }: OpenOptions) => {
        if (screen) mayShowScreen(session, globals())
        if (globals().readOnly) throw new Failure(exit.refused, say`read-only: nothing is opened`)
        const wish: Wish = {
          machine: { name: machine, ...addressOf(machine, globals()) },
          shows: screen ? 'screen' : 'session',
          ...(session === undefined ? {} : { session }),
          size: to === undefined ? 'full' : displaySize(to),
          keep,
        }
        const open = await opened(wish, globals())
        if (asJson) print(json(open))
        else if (screen) print(say`${label(open.id)}: the screen of ${label(machine)}`)
        else
          print(
            say`${label(open.id)}: ${label(machine)} with ${label(open.session?.name ?? '?')} at :${open.display ?? label('?')}`,
          )
        finish(exit.ok)
      },
    )
}

/** @throws {Failure} it is no way for this person, or not what is meant */
function mayShowScreen(session: string | undefined, globals: GlobalOptions): void {
  if (session !== undefined)
    throw new Failure(exit.usage, say`--screen shows no session: leave out --session`)
  if (globals.demo) throw new Failure(exit.usage, say`the machines of the demo have no screens`)
  if (!configuration(globals))
    throw new Failure(exit.config, [
      say`the screen of a machine is to be had from its hypervisor, and there is no configuration that names one`,
      say`at a terminal, "vdd desk" asks for it (docs/desk-broker.md)`,
    ])
}

/** Where the catalogue says that it is found; else where ssh finds it. */
function addressOf(name: string, options: GlobalOptions): { address?: string; port?: number } {
  const { config } = configuration(options) ?? {}
  const found = config?.desk?.systems.flatMap(({ machines }) => machines).find((one) => one.name === name)
  return {
    ...(found?.address === undefined ? {} : { address: found.address }),
    ...(found?.port === undefined ? {} : { port: found.port }),
  }
}

/** @throws {Failure} it was not opened: why, and what to do */
function opened(wish: Wish, globals: GlobalOptions): Promise<ChannelState> {
  const { promise, resolve, reject } = Promise.withResolvers<ChannelState>()
  const fail = (code: number, ...lines: readonly Label[]) => {
    child.letGo()
    reject(new Failure(code, lines))
  }
  const heard = (said: Said) => {
    if ('open' in said) {
      child.letGo()
      resolve(said.open)
    } else if ('failed' in said) {
      const { kind, reason, advice } = said.failed
      const code =
        kind === 'unreachable' ? exit.unreachable : kind === 'no-session' ? exit.notFound : exit.failed
      fail(code, label(reason), ...(advice ? [label(advice)] : []))
    } else if ('asks' in said && said.asks === 'session') {
      const names = joined(
        said.choices.map(({ id }) => label(id)),
        ', ',
      )
      fail(exit.usage, say`--session is needed; ${label(wish.machine.name)} has: ${names}`)
    } else if ('asks' in said)
      fail(
        exit.failed,
        say`${label(wish.machine.name)} takes no key of ${label(said.user)}: ssh-copy-id ${label(wish.machine.name)}`,
      )
    else warn(steps[said.step])
  }
  const child = childThat({
    command: [ownProgram(), ...configWords(globals), 'channel', 'keep'],
    schema: saidSchema,
    longestLine,
    detached: true,
    heard,
    ended: (why) => fail(exit.failed, say`the keeper of the channel ${label(why)}`),
  })
  child.say(wish)
  return promise
}

const steps = {
  machine: 'connecting to the machine',
  server: 'opening the display',
  session: 'starting the session',
} as const
