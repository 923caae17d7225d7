import type { Output } from '../../hosts/host.ts'
import type { ChannelState } from '../../services/display/channel.ts'
import type { DisplaySight } from '../../services/display/sight.ts'
import { failed, said } from '../answer.ts'
import type { World } from '../world.ts'
import type { DemoChannel, DemoDisplays } from './displays.ts'
import { toldTerminals } from './terminals.ts'

/** The commands of channels on a display server of the demo; undefined: it is none of them. */
export function displayCommand(world: World, argv: readonly string[]): Output | undefined {
  const { displays } = world
  // `sudo -n -u OWNER -- vdd …`
  const [, noun, verb, ...words] = argv[0] === 'sudo' ? argv.slice(argv.indexOf('--') + 1) : argv
  if (noun !== 'channel') return undefined
  if (verb === 'facts') {
    const known = words[0] === '--known' ? words[1] : undefined
    return said(`${JSON.stringify(sightOf(displays, world.now(), known))}\n`)
  }
  if (verb !== 'tell') return undefined
  const [id, order, word = ''] = words
  const login = displays.logins.find(({ tty, pid }) => `${tty}-${pid}` === id)
  if (login) {
    if (order === 'close') displays.hangUp()
    return said('')
  }
  const channel = displays.channels.find((one) => one.id === id)
  if (!channel) return failed(3, `there is no channel ${id}`)
  if (order === 'lock' && channel.isDeaf) return failed(6, 'nothing on its machine locks this desktop')
  if (order === 'close') displays.close(channel, word === '--insist')
  if (order === 'view') displays.show(channel, (words.at(-1) ?? '').replace(/:.*/, ''))
  if (order === 'reconnect') displays.show(channel, channel.terminal)
  if (order === 'resize') {
    const [width = 1280, height = 1024] = word === 'full' ? [] : word.split('x').map(Number)
    channel.size = { width, height }
    channel.fullScreen = word === 'full'
  }
  return said('')
}

/** Two of whom the school has written down what they are called in full. */
const fullNames = { 2001: 'Anna Rossi', 2022: 'Vito Bianchi' }

function sightOf(displays: DemoDisplays, at: number, known: string | undefined): DisplaySight {
  return {
    version: 1,
    at,
    channels: displays.channels.map((channel) => ({
      user: channel.user,
      uid: channel.uid,
      fate: channel.isOrphan ? 'orphan' : 'alive',
      said: stateOf(channel, displays.usedAt(channel), at),
    })),
    // The login screen of the server's own console.
    others: [
      { display: 0, program: 'Xorg', pid: 611, user: 'root', startedAt: displays.bornAt - 13 * 86_400_000 },
    ],
    faults: [],
    terminals: toldTerminals(displays, known),
    logins: [...displays.logins],
    fullNames,
  }
}

function stateOf(channel: DemoChannel, usedAt: number, at: number): ChannelState {
  const { id, state, display, terminal, isKept, isUnseen, isOrphan, machine, session, size, fullScreen } =
    channel
  const program = isKept ? 'Xvnc' : 'Xephyr'
  const server = { pid: 1_001 + 10 * display, started: 4_001 + display, program } as const
  // Whoever held the orphan has not looked since.
  const lookedAt = isOrphan ? channel.openedAt + 120_000 : at
  const seen = {
    clients: 6 + (display % 9),
    usedAt,
    lookedAt,
    load: {
      at: isOrphan ? channel.openedAt : at,
      ...channel.load,
      screen: { cpu: (display * 3) % 8, memoryKiB: 38_000 + display * 170 },
    },
  }
  return {
    id,
    state,
    keeper: { pid: 1_000 + 10 * display, started: 4_000 + display },
    ...(session ? { server, display, session } : { shows: 'screen' }),
    terminal: { name: terminal, ...(isUnseen ? {} : { display: `${terminal}:0` }) },
    machine: { name: machine.name, address: machine.name },
    system: machine.title,
    size,
    fullScreen,
    keep: isKept,
    wantedAt: channel.openedAt - 1_500,
    openedAt: channel.openedAt,
    ...(channel.resumedAt === undefined ? {} : { resumedAt: channel.resumedAt }),
    ...(session ? seen : {}),
    ...(channel.looked ? { looked: channel.looked } : {}),
  }
}
