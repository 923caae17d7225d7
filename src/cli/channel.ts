import { userInfo } from 'node:os'
import { Argument, type Command, Option } from 'commander'
import { brokerCommand } from '../broker/command.ts'
import { ownProgram } from '../desk/own-program.ts'
import { label, say } from '../hosts/label.ts'
import { isBySsh } from '../services/display/here/by-ssh.ts'
import type { BringScreen } from '../services/display/keeper/relayed.ts'
import type { Obeyed, Order } from '../services/display/opening.ts'
import { type ScreenProtocol, screenProtocols } from '../services/screen-protocol.ts'
import { displaySize } from './display-size.ts'
import { exit, Failure } from './exit.ts'
import { configWords, type GlobalOptions } from './global-options.ts'
import { print, warn } from './output.ts'

/** `vdd channel keep|relay|facts|tell|look`: what runs on a display server, for the desk and for consoles that ask from elsewhere. */
export function addChannelVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program
    .command('channel')
    .description('What a display server does itself: holds channels, tells of them, hands orders to them.')
  noun
    .command('keep')
    .description('Opens a channel and holds it: reads what is wished on standard input (docs/displays.md).')
    .action(async () => {
      const { keep } = await import('../services/display/keeper/keep.ts')
      const { accountBy, lostBy } = await import('../broker/channel-account.ts')
      const { tellFailure, tellLook } = await import('../broker/teller.ts')
      const { askScreen } = await import('../broker/ask-screen.ts')
      const { spokenHere } = await import('../services/display/keeper/viewers.ts')
      const bring: BringScreen = async (machine, system, signal) => {
        const speaks = await spokenHere(process.env)
        if (system !== undefined)
          return await askScreen(brokerCommand, { ask: 'screen', system, machine, speaks }, signal)
        const words = ['channel', 'relay', machine, ...speaks.flatMap((one) => ['--speaks', one])]
        return await askScreen([ownProgram(), ...configWords(globals()), ...words], undefined, signal)
      }
      const told = await keep(bring, {
        account: accountBy(brokerCommand),
        failed: (failure) => tellFailure(brokerCommand, failure),
        lost: lostBy(brokerCommand),
        look: (what, look) => tellLook(brokerCommand, what, look),
      })
      finish(told === 'refused' ? exit.failed : exit.ok)
    })
  noun
    .command('relay')
    .description(
      'Has its standard input and output be the screen of a machine, for an operator (docs/displays.md).',
    )
    .argument('<MACHINE>', 'of a hypervisor of the configuration')
    .addOption(
      new Option('--speaks <PROTOCOL...>', 'for what there is a viewer; default: vnc').choices(
        screenProtocols,
      ),
    )
    .action(async (machine: string, { speaks = ['vnc'] }: { speaks?: ScreenProtocol[] }) => {
      const { relayScreen } = await import('./channel-relay.ts')
      finish(await relayScreen(machine, speaks, globals()))
    })
  noun
    .command('facts')
    .description(
      'Tells of the X displays of this machine, the channels and text sessions on it, and the terminals, as JSON.',
    )
    .option('--known <MARK>', 'does not tell again of terminals of which it told with this mark')
    .action(async ({ known }: { known?: string }) => {
      const { lookHere } = await import('../services/display/here/sight.ts')
      print(JSON.stringify(await lookHere(() => Date.now(), undefined, known)))
      finish(exit.ok)
    })
  noun
    .command('look')
    .description(
      'Asks in a window on a channel whether you, or who called sudo, may see it; if so its standard input and output are that (docs/sessions.md).',
    )
    .argument('<ID>', 'of a channel of your own on this machine')
    .option('--control', 'with keyboard and mouse')
    .action(async (id: string, { control = false }: { control?: boolean }) => {
      const { lookAtChannel } = await import('./channel-look.ts')
      finish(await lookAtChannel(id, control))
    })
  noun
    .command('tell')
    .description('Gives an order to a channel or a text session of your own on this machine.')
    .argument('<ID>', 'of the channel, or TTY-PID of a text session (close, say)')
    .addArgument(new Argument('<ORDER>', orders.join(', ')).choices(orders))
    .argument(
      '[WHAT]',
      'for resize: full, or WIDTHxHEIGHT; for say: the message; for view: the X display, if it is not $DISPLAY',
    )
    .option('--insist', 'ends its session at once')
    .action(async (id: string, order: OrderName, what: string | undefined, options: Insisting) =>
      finish(await obey(id, await orderOf(order, what, options))),
    )
}

const orders = ['close', 'raise', 'lower', 'hide', 'resize', 'view', 'reconnect', 'say', 'lock'] as const
type OrderName = (typeof orders)[number]

interface Insisting {
  readonly insist?: boolean
}

/** @throws {Failure} it is not said how large, or what */
async function orderOf(
  name: OrderName,
  what: string | undefined,
  { insist = false }: Insisting,
): Promise<Order> {
  switch (name) {
    case 'close':
      return { do: name, insist }
    case 'raise':
    case 'lower':
    case 'hide':
    case 'lock':
    case 'reconnect':
      return { do: name }
    case 'resize':
      return { do: name, size: displaySize(what) }
    case 'say':
      if (!what || what.length > 1000)
        throw new Failure(exit.usage, say`say needs a message of at most 1000 letters`)
      // Who asked sudo is who says it: sudo(8), ENVIRONMENT.
      return { do: name, from: process.env.SUDO_USER || userInfo().username, text: what }
    case 'view': {
      const [{ viewHere, viewOn }, { ownPlace }] = await Promise.all([
        import('../services/display/here/view-here.ts'),
        import('../services/display/here/places.ts'),
      ])
      const { uid, homedir } = userInfo()
      return what === undefined
        ? await viewHere(process.env)
        : await viewOn(what, await ownPlace(uid), homedir)
    }
  }
}

/** @throws {Failure} there is no such channel, or text session, or it refuses */
async function obey(id: string, order: Order): Promise<number> {
  const obeyed = await tellMine(id, order)
  if (!obeyed)
    throw new Failure(
      exit.notFound,
      say`${label(userInfo().username)} has no channel or text session ${label(id)} here (vdd channel facts)`,
    )
  if ('refused' in obeyed) throw new Failure(exit.refused, label(obeyed.refused))
  if (order.do === 'view' && isBySsh(order.display))
    warn('vdd: it is shown through this ssh connection, and for as long as that lasts; then it waits unseen')
  return exit.ok
}

/** undefined: there is none of this id. */
async function tellMine(id: string, order: Order): Promise<Obeyed | undefined> {
  const { uid } = userInfo()
  if (!/^[a-z2-7]{6}$/.test(id)) {
    const { ownLogin, tellLogin } = await import('../services/display/here/own-login.ts')
    const login = await ownLogin(id, uid)
    return login && (await tellLogin(login, order))
  }
  const [{ ownPlace }, { ownChannel, tellOwn }, { lostBy }] = await Promise.all([
    import('../services/display/here/places.ts'),
    import('../services/display/here/own.ts'),
    import('../broker/channel-account.ts'),
  ])
  const place = await ownPlace(uid)
  const channel = await ownChannel(place, id)
  return channel && (await tellOwn(place, channel, order, lostBy(brokerCommand)))
}
