import { describe, expect, it } from 'vitest'
import { agedAt } from '../../../src/fleet/aged.ts'
import { displayAlerts } from '../../../src/fleet/display/conditions.ts'
import { Displays } from '../../../src/fleet/display/displays.ts'
import { type DisplayServerRecord, displayRecord } from '../../../src/fleet/display/record.ts'
import { kinds, meantAmong } from '../../../src/fleet/kinds.ts'
import { machineConditions, machineOf } from '../../../src/fleet/session/machine.ts'
import { type SessionRecord, sessionsOf } from '../../../src/fleet/session/record.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { channels, displayServer, displaysOf } from '../../support/displays.ts'
import { uuid } from '../../support/facts.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import { seen } from '../../support/sight.ts'

type Told = Parameters<typeof displaysOf>[0]

/** What happens when a display server tells one after the other. */
function happened(...looks: readonly Told[]): string[] {
  const displays = new Displays(['d1'])
  return looks.flatMap((told, i) =>
    displays
      .reading({ host: 'd1', at: 10_000 + i, displays: displaysOf(told), faults: [], left: 0 })
      .map(({ severity, host, name, text }) => `${severity} ${host} ${name ?? ''} ${text}`),
  )
}

/** d1 with these channels, and their machine so, on a host that is so. */
const withMachine = (
  told: Told,
  given: Parameters<typeof machine>[0] = {},
  ofHost: Parameters<typeof host>[1] = {},
) => ({
  ...snapshot([machine(given)], [host('a', ofHost), host('d1', { roles: ['display'] })]),
  displays: [displayServer(channels(...told))],
})

describe('the machine of a channel', () => {
  const found = (...of: Parameters<typeof withMachine>) => {
    const shown = withMachine(...of)
    return sessionsOf(shown)
      .flatMap((one) => machineConditions(one, shown, 10_000))
      .map(({ text }) => `${text}`)
  }
  const trouble = { kind: 'unreachable', reason: say`no route`, advice: say``, since: 0 } as const

  it.each<[string, Parameters<typeof withMachine>, string[]]>([
    ['well', [[seen()]], []],
    ['on its way to another host', [[seen()], { state: 'migrating' }], []],
    ['off', [[seen()], { state: 'shut off' }], ['its machine is off: anna (term3), web1']],
    ['crashed', [[seen()], { state: 'crashed' }], ['its machine has crashed: anna (term3), web1']],
    ['paused', [[seen()], { state: 'paused' }], ['its machine is paused: anna (term3), web1']],
    [
      'on a silent host',
      [[seen()], {}, { reachable: false, trouble }],
      ['host a does not answer: anna (term3), web1'],
    ],
    [
      'on a host whose libvirt alone is silent',
      [[seen()], {}, { trouble: { ...trouble, hostAnswers: true } }],
      [],
    ],
    ['off while it is opened', [[seen({ state: 'opening' })], { state: 'shut off' }], []],
    ['off, and the session lost already', [[seen({}, { fate: 'orphan' })], { state: 'shut off' }], []],
    ['not known', [[seen({ machine: { name: 'x', address: '192.0.2.1' } })], { state: 'shut off' }], []],
  ])('is %s', (_what, of, text) => {
    expect(found(...of)).toEqual(text)
  })

  it('is on a silent host also where only its answer is overdue, and the other hosts answer', () => {
    const shown = withMachine([seen()])
    const [one] = sessionsOf(shown) as [SessionRecord]
    const overdue = { ...shown, staleAfter: 3_500, seenAt: new Map([...shown.seenAt, ['a', 5_000]]) }
    expect(machineConditions(one, overdue, 10_000).map(({ text }) => text)).toEqual([
      'host a does not answer: anna (term3), web1',
    ])
    const other = { ...overdue, seenAt: new Map([...shown.seenAt, ['d1', 5_000]]) }
    expect(machineConditions(one, other, 10_000)).toEqual([])
  })

  it.each([
    ['shut off', 'the session is lost: close it, and open another'],
    ['crashed', 'the session is lost: close it, and open another'],
    ['paused', 'resume it within two minutes: the session goes on; later it is lost'],
    ['pmsuspended', 'resume it within two minutes: the session goes on; later it is lost'],
  ] as const)('that is %s comes with what to do', (state, advice) => {
    const shown = withMachine([seen()], { state })
    const [one] = sessionsOf(shown)
    expect(machineConditions(one as SessionRecord, shown, 10_000)).toMatchObject([{ advice }])
    if (state !== 'crashed') expect(displayAlerts(shown, 10_000)).toMatchObject([{ advice }])
  })

  it('that is suspended is said to be', () => {
    expect(found([seen()], { state: 'pmsuspended' })).toEqual([
      'its machine is suspended: anna (term3), web1',
    ])
  })

  it('raises an alert that has no event of its own: a shutdown ends the sessions a moment later', () => {
    expect(displayAlerts(withMachine([seen()], { state: 'shut off' }), 10_000)).toMatchObject([
      { isMeasured: true },
    ])
  })

  it('is found by its name or its address, and not where several are called so', () => {
    const by = (name: string, address: string, ...machines: ReturnType<typeof machine>[]) =>
      machineOf({ machine: { name: label(name), rawName: name, rawAddress: address } }, { machines })?.host
    expect(by('web1', 'x', machine())).toBe('a')
    expect(by('The web', 'web1.example.org', machine())).toBe('a')
    expect(by('web1', 'x', machine(), machine({ uuid: uuid(2), host: 'b' }))).toBeUndefined()
  })

  it('raises one alert where it is off or paused under people, and none that another has told', () => {
    const alerts = (...of: Parameters<typeof withMachine>) =>
      displayAlerts(withMachine(...of), 10_000).map(({ name, text }) => `${name} ${text}`)
    const bruno = seen({ id: 'bbbbbb' }, { user: 'bruno' })
    expect(alerts([seen(), bruno], { state: 'shut off' })).toEqual([
      'web1 shut off under 2 people: anna (term3), bruno (term3)',
    ])
    expect(alerts([seen()], { state: 'paused' })).toEqual(['web1 paused under 1 person: anna (term3)'])
    expect(alerts([seen()], { state: 'crashed' })).toEqual([])
    expect(alerts([seen()], { state: 'paused', reason: label('I/O error') })).toEqual([])
    expect(alerts([seen()], {}, { reachable: false, trouble })).toEqual([])
    expect(alerts([seen({ state: 'opening' })], { state: 'shut off' })).toEqual([])
    expect(alerts([], { state: 'shut off' })).toEqual([])
  })
})

const opening = {
  state: 'opening',
  display: undefined,
  server: undefined,
  openedAt: undefined,
  usedAt: undefined,
} as const

describe('the events of display servers', () => {
  it('tell of nothing that is new to this console only', () => {
    expect(happened([seen()], [seen()])).toEqual([])
  })

  it('tell that a channel was opened, once there is a session on it', () => {
    expect(happened([], [seen(opening)], [seen()], [seen({ clients: 10 })])).toEqual([
      'info d1 :12 opened: anna (term3), web1',
    ])
  })

  it('tell that one was closed, or never came to be', () => {
    expect(happened([seen({ openedAt: 0 })], [])).toEqual([
      'info d1 :12 closed after 10 s: anna (term3), web1',
    ])
    expect(happened([seen(opening)], [])).toEqual(['info d1 k7q2mz not opened: anna (term3), web1'])
  })

  it('tell that one was lost, and why, if nobody had closed it', () => {
    const trouble = 'the machine was lost'
    expect(happened([seen({ openedAt: 0, trouble })], [])).toEqual([
      'info d1 :12 lost after 10 s: anna (term3), web1: the machine was lost',
    ])
    expect(happened([seen({ openedAt: 0, trouble, state: 'closing' })], [])).toEqual([
      'info d1 :12 closed after 10 s: anna (term3), web1',
    ])
  })

  it('tell that one was orphaned, and taken care of', () => {
    expect(
      happened([seen()], [seen({}, { fate: 'orphan' })], [seen({}, { fate: 'orphan' })], [seen()]),
    ).toEqual(['warning d1 :12 orphaned on d1: anna (term3), web1', 'info d1 :12 no longer orphaned'])
    expect(happened([seen({}, { fate: 'orphan' })], [])).toHaveLength(1)
    // At once, and not a look later.
    expect(happened([seen()], [seen({}, { fate: 'orphan' })])).toHaveLength(1)
    expect(happened([seen({}, { fate: 'orphan' })], [seen({}, { fate: 'orphan' })])).toEqual([])
    expect(happened([seen({}, { fate: 'orphan' })], [seen()])).toEqual(['info d1 :12 no longer orphaned'])
  })

  it('take what is left of one that is dead for its end', () => {
    expect(happened([seen()], [seen({}, { fate: 'dead' })], [])).toHaveLength(1)
    expect(happened([], [seen({}, { fate: 'dead' })])).toEqual([])
  })

  it('tell that one was resumed, where', () => {
    const resumed = seen({ resumedAt: 9_000, terminal: { name: 'term7', display: ':0' } })
    expect(happened([seen()], [resumed], [resumed])).toEqual(['info d1 :12 resumed: anna (term7), web1'])
    expect(happened([seen()], [resumed])).toHaveLength(1)
    // It was not there before, as after a channel that was dead.
    expect(happened([], [resumed])).toEqual(['info d1 :12 opened: anna (term7), web1'])
  })

  it('tell that somebody looks at one, or has taken it over, and does no more', () => {
    const looked = (controls: boolean) => seen({ looked: { by: 'carla\u001b', at: 9_000, controls } })
    expect(happened([seen()], [looked(false)], [seen()])).toEqual([
      'info d1 :12 carla\\e looks at anna (term3), web1',
      'info d1 :12 carla\\e looks no more at anna (term3), web1',
    ])
    expect(happened([seen()], [looked(true)])).toEqual([
      'info d1 :12 carla\\e has taken over anna (term3), web1',
    ])
  })

  it('are not more than a hundred at once', () => {
    const all = Array.from({ length: 150 }, (_, uid) => seen({}, { uid }))
    const told = happened([], all)
    expect(told).toHaveLength(101)
    expect(told.at(-1)).toBe('info d1  50 more events of displays')
  })

  it('go on from what was known before it was silent', () => {
    const displays = new Displays(['d1'])
    const look = (told: Told, at: number) =>
      displays.reading({ host: 'd1', at, displays: displaysOf(told), faults: [], left: 0 })
    look([seen()], 10_000)
    displays.failed('d1', new HostError('timeout', 'd1', say`no answer`), 11_000)
    displays.failed('d1', new HostError('timeout', 'd1', say`no answer`), 12_000)
    expect(displays.records[0]).toMatchObject({ trouble: { since: 11_000 }, displays: [{ name: ':12' }] })
    expect(look([], 13_000)).toHaveLength(1)
    expect(displays.records[0]).not.toHaveProperty('trouble')
    expect(look([], 14_000)).toEqual([])
  })

  it('leave the record of what is the same', () => {
    const displays = new Displays(['d1'])
    const look = () => {
      displays.reading({ host: 'd1', at: 10_000, displays: displaysOf([seen()]), faults: [], left: 0 })
      return displays.records[0]?.displays[0]
    }
    expect(look()).toBe(look())
  })
})

describe('the alerts of display servers', () => {
  const up = [host('d1', { roles: ['display'] })]
  const alerts = (server: DisplayServerRecord, hosts = up) =>
    displayAlerts({ ...snapshot([], hosts), displays: [server] }, 10_000).map(
      ({ severity, name, text }) => `${severity} ${name} ${text}`,
    )

  it('tell of an orphan, and of nothing that its owner wrote', () => {
    const [orphan, well] = [seen({}, { fate: 'orphan' }), seen({ id: 'aaaaaa', trouble: 'help!' })]
    expect(alerts(displayServer(channels(orphan, well)))).toEqual([
      'warning :12 orphaned on d1: anna (term3), web1',
    ])
  })

  it('tell of ten orphans one by one, and count the rest', () => {
    const many = Array.from({ length: 30 }, (_, uid) => seen({}, { uid, fate: 'orphan' }))
    const told = alerts(displayServer(channels(...many)))
    expect(told).toHaveLength(11)
    expect(told.at(-1)).toBe('warning d1 20 more channels are orphaned')
  })

  it('tell of what cannot be read', () => {
    const reading = { at: 1, faults: [{ place: say`1004`, why: say`no JSON` }], left: 3 }
    expect(alerts(displayServer([], { reading }))).toEqual([
      'warning d1 displays: a channel cannot be read: 1004: no JSON',
      'warning d1 displays: 3 more are not read',
    ])
    const faults = [...reading.faults, { place: say`1005`, why: say`no file` }]
    expect(alerts(displayServer([], { reading: { at: 1, faults, left: 0 } }))).toEqual([
      'warning d1 displays: 2 channels cannot be read: 1004: no JSON',
    ])
  })

  it('tell of as many orphans as can be told one by one without counting the rest', () => {
    const many = Array.from({ length: 10 }, (_, uid) => seen({}, { uid, fate: 'orphan' }))
    expect(alerts(displayServer(channels(...many)))).toHaveLength(10)
  })

  it('tell of nothing on a display that is no channel', () => {
    const [other] = displaysOf([], { others: [{ display: 0, program: 'Xorg', pid: 5 }] })
    expect(alerts(displayServer(other ? [displayRecord('d1', other)] : []))).toEqual([])
  })

  const trouble = {
    kind: 'exec',
    reason: say`vdd is not there`,
    advice: say`install it`,
    since: 4_000,
  } as const

  it('tell of a server that does not tell, and of no orphans of before', () => {
    const orphans = channels(seen({}, { fate: 'orphan' }))
    expect(alerts(displayServer(orphans, { trouble }))).toEqual([
      'warning d1 displays: vdd is not there, for 6 s',
    ])
    const { reading: _, ...never } = displayServer([], { trouble })
    expect(alerts(never)).toEqual(['warning d1 displays: vdd is not there'])
  })

  it('are about the host of the server, whichever it is', () => {
    const hosts = [host('a', { reachable: false, trouble }), ...up]
    expect(alerts(displayServer([], { trouble }), hosts)).toHaveLength(1)
  })

  it('leave it to the host to tell that it is not there', () => {
    const down = [host('d1', { roles: ['display'], reachable: false, trouble })]
    expect(alerts(displayServer([], { trouble }), down)).toEqual([])
  })
})

describe('a display server', () => {
  it('counts as silent once three looks are overdue', () => {
    const shown = { ...snapshot([]), displays: [displayServer([])] }
    const aged = (now: number) => agedAt(shown, now).snapshot.displays[0]?.trouble?.reason
    expect(aged(20_000)).toBeUndefined()
    expect(aged(20_001)).toBe('displays: no answer')
  })

  it('has its displays found by number, number and server, channel, and person', () => {
    const all = channels(seen(), seen({ id: 'aaaaaa', display: 13 }, { user: 'bruno', uid: 1004 }))
    const found = (word: string) => meantAmong(kinds.display, all, word).map(({ name }) => name)
    for (const word of [':12', ':12@d1', 'k7q2mz', 'anna', 'd1 1003/k7q2mz'])
      expect(found(word), word).toEqual([':12'])
    expect(found('12')).toEqual([])
  })
})
