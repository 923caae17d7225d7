import type { DeskSystem } from '../broker/protocol.ts'
import { demoSystems } from '../demo/catalogue.ts'
import { clock } from '../hosts/clock.ts'
import type { ChannelState } from '../services/display/channel.ts'
import type { Answer, FailureKind, Said, SessionChoice, Wish } from '../services/display/opening.ts'
import type {
  Conversation,
  DeskMachine,
  LastChoices,
  MachineSaid,
  OpenChannel,
  Refused,
  Surroundings,
  Telling,
  TextSession,
} from './surroundings.ts'

/** A system of the demo's catalogue, as a person finds it this morning. */
type MadeUp = DeskSystem & Morning

interface Morning {
  readonly state: DeskSystem['state']
  readonly machine: string
  /** what its machine has; asked of it where the catalogue says nothing */
  readonly has: readonly SessionChoice[]
  /** it asks for a password; this one is taken */
  readonly password?: string
}

const plasma = { id: 'plasma', name: 'KDE Plasma' }
const gnome = { id: 'gnome-xorg', name: 'GNOME' }
const xfce = { id: 'xfce', name: 'Xfce' }
const openbox = { id: 'openbox', name: 'Openbox', names: { it: 'Openbox (leggero)', en: 'Openbox (light)' } }

/** By the system, as the machines of the demo are: each way in which a choice can go is there once. */
const morning: Readonly<Record<string, Morning>> = {
  debian: { state: 'ready', machine: 'debian-kde-01', has: [plasma, xfce, openbox] },
  fedora: { state: 'ready', machine: 'fedora-gnome-03', has: [gnome, openbox] },
  languages: { state: 'ready', machine: 'ubuntu-xfce-03', has: [xfce], password: 'demo' },
  windows: { state: 'ready', machine: 'windows-01', has: [] },
  reactos: { state: 'starts', machine: 'reactos-01', has: [] },
  exam: { state: 'none', machine: 'exam-02', has: [openbox] },
  library: { state: 'ready', machine: 'library', has: [xfce] },
}

export const school: readonly MadeUp[] = demoSystems.flatMap(
  ({ name, title, description, shows, sessions, keep }) => {
    const now = morning[name]
    if (!now) return []
    const told = { ...(description && { description }), ...(sessions && { sessions }) }
    return [{ name, title, keep, ...told, ...(shows === 'screen' && { shows }), ...now }]
  },
)

/** Milliseconds: a machine that runs, one that has to be started, and each step of a desktop. */
const times = { look: 400, start: 6000, wait: 5000, step: 900, close: 1200 } as const

/** A school that is made up: machines start in seconds, and what is opened is only remembered. */
export class MadeUpSurroundings implements Surroundings {
  readonly person: string
  readonly hasDisplay = true
  readonly isMadeUp = true
  readonly #systems: readonly MadeUp[]
  readonly #channels = new Map<string, ChannelState>()
  readonly #hidden = new Set<string>()
  #last: LastChoices = { sessions: {} }
  #made = 0

  constructor(person = 'anna', systems: readonly MadeUp[] = school) {
    this.person = person
    this.#systems = systems
  }

  async systems(): Promise<{ readonly systems: readonly DeskSystem[] }> {
    return {
      systems: this.#systems.map(({ machine: _, has: __, password: ___, ...one }) => one),
    }
  }

  machine(name: string, heard: (said: MachineSaid) => void): Pick<Conversation, 'cancel'> {
    const system = this.#systems.find((one) => one.name === name)
    const no = (why: Refused['no']) => () => heard({ no: why, reference: this.#reference() })
    if (!system) return inTurn([[times.look, no('not-for-you')]])
    if (system.state === 'none') return inTurn([[times.look, no('none-free')]])
    const machine = () => heard({ machine: { name: system.machine, address: '192.0.2.7' } })
    if (system.state === 'ready') return inTurn([[times.look, machine]])
    return inTurn([
      [times.look, () => heard({ step: 'starting' })],
      [times.start, () => heard({ step: 'waiting' })],
      [times.wait, machine],
    ])
  }

  openChannel(wish: Wish, heard: (said: Said) => void): Conversation {
    const system = this.#systems.find((one) => one.name === wish.system)
    let under: Pick<Conversation, 'cancel'> = inTurn([])
    let attempt = 1
    const next = (steps: Parameters<typeof inTurn>[0]) => {
      under = inTurn(steps)
    }
    const fail = (kind: FailureKind) =>
      heard({ failed: { kind, reason: 'made up', advice: 'nothing is wrong', reference: this.#reference() } })
    const begin = (session: string | undefined) => {
      const chosen = system?.has.find(({ id }) => id === session)
      if (!chosen) return fail('no-session')
      next([
        [0, () => heard({ step: 'server' })],
        [times.step, () => heard({ step: 'session' })],
        [times.step * 2, () => heard({ open: this.#open(wish, chosen) })],
      ])
    }
    const show = () =>
      next([
        [0, () => heard({ step: 'server' })],
        [times.step, () => heard({ open: this.#open(wish) })],
      ])
    const inside = () => {
      if (wish.shows === 'screen') show()
      else if (wish.session !== undefined) begin(wish.session)
      else heard({ asks: 'session', choices: [...(system?.has ?? [])] })
    }
    const ask = () =>
      system?.password === undefined ? inside() : heard({ asks: 'password', attempt, user: this.person })
    next([
      [times.step, () => heard({ step: 'machine' })],
      [times.step, ask],
    ])
    return {
      answer: (answer: Answer) => {
        if ('session' in answer) begin(answer.session)
        else if (answer.password === system?.password) next([[times.look, inside]])
        else next([[times.look, () => (++attempt > 3 ? fail('auth') : ask())]])
      },
      cancel: () => under.cancel(),
    }
  }

  async channels(): Promise<readonly OpenChannel[]> {
    return [...this.#channels.values()].map((said) => ({
      fate: 'alive',
      said,
      isHere: !this.#hidden.has(said.id),
    }))
  }

  async tell(id: string, what: Telling): Promise<string | undefined> {
    const channel = this.#channels.get(id)
    if (!channel) return 'it is not there'
    if (what === 'hide') this.#hidden.add(id)
    if (what === 'bring') this.#hidden.delete(id)
    if (what === 'bring' || what === 'hide') return undefined
    this.#channels.set(id, { ...channel, state: 'closing' })
    inTurn([[what === 'insist' ? 0 : times.close, () => this.#channels.delete(id)]])
    return undefined
  }

  textSession({ name }: DeskMachine): TextSession {
    return { command: ['echo', name], begin: () => {}, end: async () => {} }
  }

  recall(): LastChoices {
    return this.#last
  }

  remember(last: LastChoices): void {
    this.#last = last
  }

  /** As if its session had ended by itself. */
  vanish(id: string): void {
    this.#channels.delete(id)
  }

  #open(wish: Wish, session?: SessionChoice): ChannelState {
    const now = clock.now()
    const said: ChannelState = {
      id: this.#reference(),
      state: 'open',
      keeper: { pid: process.pid, started: 0 },
      terminal: { name: 'demo' },
      machine: { name: wish.machine.name, address: wish.machine.address ?? '' },
      ...(session ? { session: { id: session.id, name: session.name } } : { shows: wish.shows }),
      system: wish.system,
      fullScreen: true,
      keep: wish.keep,
      wantedAt: now,
      openedAt: now,
    }
    this.#channels.set(said.id, said)
    return said
  }

  #reference(): string {
    const letters = 'abcdefghijklmnopqrstuvwxyz234567'
    let number = (1 + this.#made++) * 123_456_789
    let id = ''
    for (let i = 0; i < 6; i++) {
      id += letters[number % 32]
      number = Math.floor(number / 32)
    }
    return id
  }
}

/** Calls one after the other, each after its milliseconds. */
function inTurn(
  steps: readonly (readonly [after: number, call: () => void])[],
): Pick<Conversation, 'cancel'> {
  const [first, ...rest] = steps
  let then: Pick<Conversation, 'cancel'> | undefined
  const timer = first
    ? setTimeout(() => {
        then = inTurn(rest)
        first[1]()
      }, first[0])
    : undefined
  return {
    cancel: () => {
      clearTimeout(timer)
      then?.cancel()
    },
  }
}
