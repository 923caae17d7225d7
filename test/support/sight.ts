import type { ChannelState } from '../../src/services/display/channel.ts'
import type { DisplaySight, SeenChannel, SeenLogin } from '../../src/services/display/sight.ts'

type Said = Partial<ChannelState>

/** A channel of anna, open since 1000 by the clock of the display server; what matters to a test is given. */
export function seen(said: Said = {}, given: Partial<Omit<SeenChannel, 'said'>> = {}): SeenChannel {
  return {
    user: 'anna',
    uid: 1003,
    fate: 'alive',
    ...given,
    said: {
      id: 'k7q2mz',
      state: 'open',
      keeper: { pid: 71, started: 7_100 },
      server: { pid: 72, started: 7_200, program: 'Xephyr' },
      display: 12,
      terminal: { name: 'term3', display: ':0' },
      machine: { name: 'web1', address: 'web1.example.org' },
      session: { id: 'plasma', name: 'Plasma' },
      size: { width: 1280, height: 1024 },
      fullScreen: true,
      keep: false,
      wantedAt: 900,
      openedAt: 1_000,
      clients: 9,
      usedAt: 8_000,
      lookedAt: 9_000,
      ...said,
    },
  }
}

/** What a display server tells at 10 000 by its clock. */
export function sight(channels: readonly SeenChannel[], given: Partial<DisplaySight> = {}): DisplaySight {
  return { version: 1, at: 10_000, channels: [...channels], others: [], faults: [], ...given }
}

/** Anna at a terminal without X since 1000, who pressed a key at 7000. */
export function loggedIn(given: Partial<SeenLogin> = {}): SeenLogin {
  return {
    tty: 'pts/3',
    pid: 70,
    user: 'anna',
    uid: 1003,
    from: '10.0.0.31',
    since: 1_000,
    usedAt: 7_000,
    ...given,
  }
}
