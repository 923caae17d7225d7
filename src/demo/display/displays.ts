import { defined } from '../../hosts/defined.ts'
import type { ChannelState } from '../../services/display/channel.ts'
import type { SeenLogin } from '../../services/display/sight.ts'
import type { Time } from '../clock.ts'
import type { Hypervisors } from '../machine/hypervisors.ts'
import type { DemoMachine } from '../machine/machine.ts'

export interface DemoChannel {
  readonly id: string
  readonly user: string
  readonly uid: number
  readonly display: number
  terminal: string
  /** it outlives its terminal */
  readonly isKept: boolean
  /** nobody looks at it any more: its terminal was switched off */
  isUnseen: boolean
  resumedAt?: number
  /** its keeper was killed */
  readonly isOrphan: boolean
  readonly machine: DemoMachine
  /** none: it shows the machine's own screen */
  readonly session?: { readonly id: string; readonly name: string }
  readonly openedAt: number
  /** milliseconds that go by between two keys of its user; none: nobody has used it for a while */
  readonly every?: number
  /** percent of one processor, KiB */
  readonly load: { readonly cpu: number; readonly memoryKiB: number }
  /** a session that asks whether to save, and waits for the answer */
  readonly isDeaf: boolean
  state: 'open' | 'closing'
  size: { width: number; height: number }
  fullScreen: boolean
  /** who looks at it */
  looked?: NonNullable<ChannelState['looked']>
}

/** The people of the school, each with what differs from the usual. */
const people = [
  'anna',
  'bruno',
  'carla',
  'dario',
  'elena',
  'fabio',
  'giulia',
  'hanna',
  'ivan',
  'jana',
  'karl',
  'lucia',
  'marco',
  'nina',
  'otto',
  'paola',
  'rosa',
  'sergio',
  'teresa',
  'ugo',
  // At another terminal by now; what she left is kept.
  'nina',
] as const

/** The desktops of the machines that have one for terminals, by the beginning of their names. */
const sessions: Readonly<Record<string, NonNullable<DemoChannel['session']>>> = {
  'debian-kde': { id: 'plasma', name: 'Plasma' },
  'fedora-gnome': { id: 'gnome-xorg', name: 'GNOME' },
  'ubuntu-xfce': { id: 'xfce', name: 'Xfce' },
  exam: { id: 'wmaker', name: 'Window Maker' },
}

const minute = 60_000
/** Milliseconds in which a session ends that was asked to. */
const ending = 2_000
const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** 6 letters and digits, others for each number. */
function idOf(number: number): string {
  return Array.from({ length: 6 }, (_, i) => letters[(number * 7 + i * i * 11 + 3) % 32]).join('')
}

/** A display server on a school's morning: people at terminals work on the machines. It knows no commands: `commands.ts` answers for it. */
export class DemoDisplays {
  readonly server = { name: 'ds1', address: '10.0.0.7' }
  readonly bornAt: number
  readonly #time: Time
  readonly #hypervisors: Hypervisors
  #channels: DemoChannel[]
  #hasLogin = true

  constructor(time: Time, hypervisors: Hypervisors) {
    this.#time = time
    this.#hypervisors = hypervisors
    this.bornAt = time.now()
    const machines = [...hypervisors.machines.values()].filter(
      (one) => hypervisors.isActive(one) && sessionOf(one),
    )
    const windows = [...hypervisors.machines.values()].find(({ name }) => name === 'windows-02')
    this.#channels = people.flatMap((user, i) => {
      const machine = user === 'ivan' ? windows : machines[i % machines.length]
      return machine ? [this.#channel(user, i, machine)] : []
    })
  }

  #channel(user: (typeof people)[number], i: number, machine: DemoMachine): DemoChannel {
    return {
      id: idOf(i),
      user,
      uid: 2001 + people.indexOf(user),
      display: 10 + i,
      terminal: `term${i + 1}`,
      isKept: user === 'nina' && i < 20,
      isUnseen: user === 'nina' && i < 20,
      isOrphan: user === 'hanna',
      isDeaf: user === 'otto',
      machine,
      ...defined({ session: sessionOf(machine) }),
      openedAt: this.bornAt - (5 + ((i * 13) % 50)) * minute - 15_000 - i * 1_700,
      ...(i % 6 === 4 || (user === 'nina' && i < 20) ? {} : { every: 1_000 * (2 + (i % 9)) }),
      load:
        user === 'karl'
          ? { cpu: 187.5, memoryKiB: 1_905_000 }
          : { cpu: (i * 7) % 13, memoryKiB: 210_000 + i * 17_300 },
      state: 'open',
      size: { width: 1280, height: 1024 },
      fullScreen: true,
    }
  }

  /** Those whose machine runs: a session ends with it. */
  get channels(): readonly DemoChannel[] {
    this.#channels = this.#channels.filter(({ machine }) => this.#hypervisors.isActive(machine))
    return this.#channels
  }

  /** One who works at the server's own console, by the desk, on a machine. */
  get logins(): readonly SeenLogin[] {
    const machine = [...this.#hypervisors.machines.values()].find(({ name }) => name === 'debian-kde-01')
    if (!this.#hasLogin || !machine || !this.#hypervisors.isActive(machine)) return []
    const { name } = machine
    const usedAt = this.bornAt - 4 * minute
    const since = this.bornAt - 83 * minute
    return [
      { tty: 'tty2', pid: 2_204, user: 'vito', uid: 2_022, since, usedAt, machine: { name, address: name } },
    ]
  }

  /** Ends it. */
  hangUp(): void {
    this.#hasLogin = false
  }

  /** When a key or the pointer was used last: milliseconds since the epoch. */
  usedAt({ every, openedAt, uid }: DemoChannel): number {
    const now = this.#time.now()
    return every === undefined
      ? this.bornAt - (uid % 7) * minute - 40_000
      : Math.max(openedAt, now - (now % every))
  }

  /** A kept one is shown on this terminal. */
  show(channel: DemoChannel, terminal: string): void {
    channel.terminal = terminal
    channel.isUnseen = false
    channel.resumedAt = this.#time.now()
  }

  close(channel: DemoChannel, insist: boolean): void {
    channel.state = 'closing'
    if (channel.isDeaf && !insist) return
    this.#time.later(ending, () => {
      this.#channels = this.#channels.filter((one) => one !== channel)
    })
  }
}

function sessionOf({ name }: DemoMachine): DemoChannel['session'] | undefined {
  return sessions[name.replace(/-\d+$/, '')]
}
