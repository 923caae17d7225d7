import type { DeskSystem } from '../../../src/broker/protocol.ts'
import { advance, type Event } from '../../../src/desk/advance.ts'
import { numbersOf, type Row, rowsOf } from '../../../src/desk/rows.ts'
import type { Desk, Effect, Page, Settings } from '../../../src/desk/state.ts'
import type { OpenChannel } from '../../../src/desk/surroundings.ts'
import type { ChannelState } from '../../../src/services/display/channel.ts'

/** A Monday morning, UTC. */
export const morning = Date.UTC(2026, 0, 5, 8)

export const systems: readonly DeskSystem[] = [
  {
    name: 'debian',
    title: { it: 'Debian', en: 'Debian' },
    sessions: ['plasma', 'xfce'],
    keep: true,
    state: 'ready',
  },
  { name: 'fedora', title: { it: 'Fedora', en: 'Fedora' }, keep: false, state: 'starts' },
  { name: 'lab', title: { it: 'Laboratorio' }, sessions: ['xfce'], keep: false, state: 'ready' },
]

export function channel(id: string, more: Partial<ChannelState> = {}): ChannelState {
  return {
    id,
    state: 'open',
    keeper: { pid: 4711, started: 1 },
    terminal: { name: 'term3' },
    machine: { name: 'debian-01', address: '192.0.2.7' },
    session: { id: 'xfce', name: 'Xfce' },
    system: 'debian',
    fullScreen: true,
    keep: false,
    wantedAt: morning,
    openedAt: morning,
    ...more,
  }
}

export const alive = (...said: readonly ChannelState[]): readonly OpenChannel[] =>
  said.map((one) => ({ fate: 'alive', isHere: true, said: one }))

/** A desk to which things happen, a second apart; it keeps what it wanted done. */
export class Driven {
  desk: Desk
  effects: Effect[] = []

  constructor(settings: Partial<Settings> = {}, more: Partial<Desk> = {}) {
    this.desk = {
      settings: { locked: false, text: false, ...settings },
      language: 'it',
      person: 'anna',
      now: morning,
      askedAt: morning,
      channels: [],
      page: { at: 'home' },
      selected: 0,
      last: { sessions: {} },
      talk: 0,
      begun: false,
      ...more,
    }
  }

  happen(...events: readonly Event[]): this {
    for (const event of events) {
      const { desk, effects } = advance(this.desk, event, this.desk.now + 1000)
      this.desk = desk
      this.effects.push(...effects)
    }
    return this
  }

  /** Lets milliseconds pass. */
  wait(milliseconds: number): this {
    this.desk = { ...this.desk, now: this.desk.now + milliseconds - 1000 }
    return this.happen({ is: 'tick' })
  }

  /** What is open now, as a look finds it that begins now. */
  see(channels: readonly OpenChannel[]): this {
    return this.happen({ is: 'channels', channels, asked: this.desk.now + 1000 })
  }

  /** Chooses a row of this kind. */
  choose(kind: Row['row'], which = 0): this {
    const rows = rowsOf(this.desk)
    const found = numbersOf(rows).filter((_, i) => rows[i]?.row === kind)[which]
    if (found === undefined) throw new Error(`no row ${kind} on ${this.desk.page.at}`)
    return this.happen({ is: 'choose', number: found })
  }

  get at(): Page['at'] {
    return this.desk.page.at
  }

  get selected(): Row | undefined {
    return rowsOf(this.desk)[this.desk.selected]
  }

  /** What it wanted done since it was last asked. */
  wanted(): Effect[] {
    return this.effects.splice(0)
  }
}

/** At home, with its systems. */
export function atHome(settings: Partial<Settings> = {}, more: Partial<Desk> = {}): Driven {
  return new Driven(settings, more).happen({ is: 'systems', systems })
}

/** Fedora is being opened, and the machine was asked which sessions it has. */
export function opening(settings: Partial<Settings> = {}): Driven {
  const desk = atHome(settings).choose('system', 1)
  return desk.happen({ is: 'machine', talk: 1, said: { machine: { name: 'f2', address: '192.0.2.9' } } })
}

/** Fedora is open as `abcdef`. */
export function withOpen(settings: Partial<Settings> = {}, more: Partial<ChannelState> = {}): Driven {
  const desk = opening(settings)
  desk.happen({ is: 'said', talk: 1, said: { open: channel('abcdef', { system: 'fedora', ...more }) } })
  desk.wanted()
  return desk
}
