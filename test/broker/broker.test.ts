import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mostAtOnce } from '../../src/broker/account.ts'
import type { Broker } from '../../src/broker/broker.ts'
import type { BrokerOptions } from '../../src/broker/options.ts'
import { allowances } from '../../src/broker/rates.ts'
import { demoSystems } from '../../src/demo/catalogue.ts'
import { DeskBook } from '../../src/fleet/journal/desk-book.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { endSilent, readSessions, silentAfter } from '../../src/fleet/journal/sessions.ts'
import { HostError } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import { anna, answer, ask, bruno, Office } from './support/broker.ts'
import { systemOf } from './support/systems.ts'

let office: Office
beforeEach(() => {
  office = new Office()
})
afterEach(() => office.close())

const minute = 60_000
const texts = (person = anna) =>
  office.told(person).map(({ text }) => text.replace(/\([a-z2-7]{6}\)/, '(REF)'))

function account(what: string, channel: string, machine = 'exam-02', more: object = {}) {
  return { n: 9, ask: 'account', what, channel, machine, session: 'xfce', terminal: 'term3', ...more }
}

describe('the systems', () => {
  const secret = systemOf('secret', ['windows-01'], { groups: ['teachers'] })

  it('are those that a person may choose, and how they are', async () => {
    const { systems } = await answer(office.broker(anna, [...demoSystems, secret]), { n: 1, ask: 'systems' })
    expect((systems as { name: string; state: string }[]).map(({ name, state }) => [name, state])).toEqual([
      ['debian', 'ready'],
      ['fedora', 'ready'],
      ['languages', 'ready'],
      ['windows', 'ready'],
      ['reactos', 'starts'],
      ['exam', 'ready'],
      ['library', 'ready'],
    ])
    expect(systems).toContainEqual({
      name: 'exam',
      title: { en: 'Exam', it: 'Esame' },
      keep: false,
      limits: {},
      state: 'ready',
    })
    const inClear = { ...systemOf('old', ['exam-01']), x11OverTcp: '10.0.0.1' }
    expect(await answer(office.broker(anna, [inClear]), { n: 1, ask: 'systems' })).toMatchObject({
      systems: [{ name: 'old', x11OverTcp: '10.0.0.1' }],
    })
    const all = await answer(office.broker(bruno, [...demoSystems, secret]), { n: 1, ask: 'systems' })
    expect(all.systems).toHaveLength(8)
  })

  it('are none, for whom no host is asked, where nothing is for a person', async () => {
    const broker = office.broker(anna, [secret], { fleet: () => Promise.reject(new Error('asked')) })
    expect(await answer(broker, { n: 1, ask: 'systems' })).toEqual({ n: 1, last: true, systems: [] })
  })

  it('change with what is taken', async () => {
    const pool = [systemOf('pool', ['exam-02', 'exam-01'])]
    const [first, second, third] = [anna, bruno, { ...anna, uid: 1003, name: 'carla' }].map((one) =>
      office.broker(one, pool),
    ) as [Broker, Broker, Broker]
    const state = async (broker: Broker) =>
      ((await answer(broker, { n: 1, ask: 'systems' })).systems as { state: string }[])[0]?.state
    expect(await state(first)).toBe('ready')
    expect(await answer(first, { n: 2, ask: 'machine', system: 'pool' })).toMatchObject({
      machine: { name: 'exam-02' },
    })
    expect([await state(first), await state(second)]).toEqual(['ready', 'starts'])
    expect(await answer(second, { n: 2, ask: 'machine', system: 'pool' })).toMatchObject({
      machine: { name: 'exam-01' },
    })
    expect(await state(third)).toBe('none')
    expect(await answer(third, { n: 2, ask: 'machine', system: 'pool' })).toMatchObject({ no: 'none-free' })
  })
})

describe('how the machines are', () => {
  const pool = [systemOf('pool', ['exam-02', 'exam-01'])]
  const state = async (broker: Broker) =>
    ((await answer(broker, { n: 1, ask: 'systems' })).systems as { state: string }[])[0]?.state

  it('is asked of the hosts by one of many brokers that begin at once, and again when that is old', async () => {
    let [now, asked] = [1_000_000, 0]
    const fleet = async () => {
      asked++
      return await office.fleet()
    }
    const brokers = Array.from({ length: 20 }, (_, i) =>
      office.broker({ ...anna, uid: 2000 + i, name: `anna${i}` }, pool, { fleet, now: () => now }),
    )
    expect(new Set(await Promise.all(brokers.map(state)))).toEqual(new Set(['ready']))
    expect(asked).toBe(1)
    // What people have is of this moment, and not of that.
    office.give('exam-02', bruno, now)
    expect(await state(brokers[3] as Broker)).toBe('starts')
    expect(asked).toBe(1)
    now += 10_001
    expect(await state(brokers[4] as Broker)).toBe('starts')
    expect(asked).toBe(2)
    // A catalogue with others in it knows nothing by that.
    await state(office.broker(anna, [systemOf('other', ['debian-kde-01'])], { fleet, now: () => now }))
    expect(asked).toBe(3)
  })

  it('is asked by the next one where one cannot, or was killed while it did', async () => {
    let now = 1_000_000
    const silent = office.broker(bruno, pool, {
      fleet: () => Promise.reject(new Error('no')),
      now: () => now,
    })
    expect(await answer(silent, { n: 1, ask: 'systems' })).toMatchObject({ no: 'broken' })
    expect(await state(office.broker(anna, pool, { now: () => now }))).toBe('ready')
    now += 60_000
    const book = new DeskBook(office.file)
    book.db.exec(`UPDATE desk_sight SET until = ${now + 15_000}`)
    book.close()
    const waiting = state(office.broker(anna, pool, { now: () => now }))
    now += 15_001
    expect(await waiting).toBe('ready')
  })

  it('as it is kept gives nobody a machine: that is looked at anew', async () => {
    let asked = 0
    const fleet = async () => {
      asked++
      return await office.fleet()
    }
    const broker = office.broker(anna, pool, { fleet })
    await state(broker)
    expect(await answer(broker, { n: 2, ask: 'machine', system: 'pool' })).toHaveProperty('machine')
    expect(asked).toBe(2)
  })
})

describe('a machine', () => {
  it('that runs is given, and told in the journal', async () => {
    const replies = await ask(office.broker(anna, demoSystems), { n: 4, ask: 'machine', system: 'debian' })
    expect(replies).toEqual([
      { n: 4, step: 'choosing' },
      { n: 4, step: 'waiting', machine: 'debian-kde-01' },
      { n: 4, last: true, machine: { name: 'debian-kde-01', address: 'debian-kde-01' } },
    ])
    expect(office.told(anna)).toMatchObject([
      {
        kind: 'did',
        who: 'anna (desk)',
        host: 'hv1',
        name: 'debian-kde-01',
        text: 'debian: was given debian-kde-01',
      },
    ])
  })

  it('that is off is started by the table of actions, and the journal has it with the person’s name', async () => {
    const pool = [systemOf('old', [{ name: 'reactos-01', address: '10.0.0.7', port: 2222 }])]
    const places: unknown[] = []
    const broker = office.broker(anna, pool, {
      sshd: async (place, patience) => places.push([place, patience > 60_000]) > 0,
    })
    expect(await ask(broker, { n: 4, ask: 'machine', system: 'old' })).toEqual([
      { n: 4, step: 'choosing' },
      { n: 4, step: 'starting', machine: 'reactos-01' },
      { n: 4, step: 'waiting', machine: 'reactos-01' },
      { n: 4, last: true, machine: { name: 'reactos-01', address: '10.0.0.7', port: 2222 } },
    ])
    expect(places).toEqual([[{ host: '10.0.0.7', port: 2222 }, true]])
    const [begun, done] = office.told(anna)
    expect(begun).toMatchObject({ host: 'hv1', name: 'reactos-01', plan: [expect.stringContaining('start')] })
    expect(done).toMatchObject({
      text: expect.stringMatching(/^start: done in /),
      after: expect.stringContaining('running'),
    })
  })

  it('that somebody has just started is waited for as one that boots', async () => {
    const pool = [systemOf('old', ['reactos-01', 'exam-02'], { people: 2 })]
    await answer(
      office.broker(
        anna,
        pool.map((one) => ({ ...one, machines: one.machines.slice(0, 1) })),
      ),
      {
        n: 1,
        ask: 'machine',
        system: 'old',
      },
    )
    const fleet = await office.fleet()
    const isKnown = ({ machines }: { machines: readonly { rawName: string; startedAt?: number }[] }) =>
      machines.some(({ rawName, startedAt }) => rawName === 'reactos-01' && startedAt !== undefined) ||
      undefined
    await fleet.until(isKnown, AbortSignal.timeout(60_000))
    const waits: unknown[] = []
    const sshd: BrokerOptions['sshd'] = async ({ host }, patience) =>
      waits.push([host, patience > 60_000]) > 1
    // Their own first, then the other one.
    office.give('reactos-01', bruno)
    expect(
      await answer(office.broker(bruno, pool, { sshd }), { n: 1, ask: 'machine', system: 'old' }),
    ).toHaveProperty('machine')
    expect(waits).toEqual([
      ['reactos-01', true],
      ['exam-02', false],
    ])
  })

  it('is not given to two who ask at the same instant', async () => {
    const pool = [systemOf('pool', ['exam-02', 'exam-01', 'debian-kde-01', 'debian-kde-02'])]
    const people = Array.from({ length: 6 }, (_, i) => ({ ...anna, uid: 1001 + i, name: `p${i}` }))
    const answers = await Promise.all(
      people.map((one) => answer(office.broker(one, pool), { n: 1, ask: 'machine', system: 'pool' })),
    )
    const given = answers.flatMap(({ machine }) => (machine as { name: string } | undefined)?.name ?? [])
    expect(given.toSorted()).toEqual(['debian-kde-01', 'debian-kde-02', 'exam-01', 'exam-02'])
    expect(answers.filter(({ no }) => no === 'none-free')).toHaveLength(2)
  })

  it('is the same for one who asks again and again: nobody takes a whole pool', async () => {
    const pool = [systemOf('pool', ['exam-02', 'debian-kde-01', 'debian-kde-02'])]
    for (let i = 0; i < 5; i++)
      expect(await answer(office.broker(anna, pool), { n: i, ask: 'machine', system: 'pool' })).toMatchObject(
        {
          machine: { name: 'exam-02' },
        },
      )
    expect(office.rows('SELECT machine, uid FROM desk_hold')).toEqual([{ machine: 'exam-02', uid: 1001 }])
  })

  it('whose sshd does not answer is left for another one, and not tried again for a while', async () => {
    const pool = [systemOf('pool', ['exam-02', 'debian-kde-01'], { people: 2 })]
    const wants = { n: 1, ask: 'machine', system: 'pool' }
    const broker = office.broker(anna, pool, { sshd: async ({ host }) => host !== 'exam-02' })
    expect(await answer(broker, wants)).toMatchObject({ machine: { name: 'debian-kde-01' } })
    // Nobody is on the other one, which would be better.
    expect(await answer(office.broker(bruno, pool), wants)).toMatchObject({
      machine: { name: 'debian-kde-01' },
    })
    const later = office.broker(bruno, pool, { now: () => Date.now() + 30 * minute })
    expect(await answer(later, wants)).toMatchObject({ machine: { name: 'exam-02' } })
  })

  it('that does not come up at all is told, with what was tried in the journal', async () => {
    const pool = [systemOf('pool', ['exam-02', 'debian-kde-01', 'debian-kde-02', 'windows-01'])]
    const broker = office.broker(anna, pool, { sshd: async () => false })
    expect(await answer(broker, { n: 1, ask: 'machine', system: 'pool' })).toEqual({
      n: 1,
      last: true,
      no: 'not-started',
      reference: expect.stringMatching(/^[a-z2-7]{6}$/),
    })
    // Three of them: a person does not wait for ever.
    expect(
      texts()
        .at(-1)
        ?.match(/no sshd answers/g),
    ).toHaveLength(3)
  })

  it('that goes off again while its sshd is waited for is not waited for any longer', async () => {
    const pool = [systemOf('pool', ['exam-02'])]
    const broker = office.broker(anna, pool, {
      sshd: async (_place, _patience, signal) => {
        const { host } = office.demo.members.find(({ host }) => host.name === 'hv2') ?? {}
        await host?.run(['virsh', '-c', 'qemu:///system', 'destroy', 'exam-02'], { timeout: 10_000 })
        return await new Promise((resolve) => signal.addEventListener('abort', () => resolve(false)))
      },
    })
    expect(await answer(broker, { n: 1, ask: 'machine', system: 'pool' })).toMatchObject({
      no: 'not-started',
    })
    expect(texts().at(-1)).toBe('refused: pool: exam-02: it is off again (REF)')
  })

  it('is not taken from the others by one who goes away while it starts', async () => {
    const pool = [systemOf('pool', ['exam-02'])]
    const gone = new AbortController()
    const broker = office.broker(anna, pool, {
      sshd: async () => {
        gone.abort()
        return false
      },
    })
    await ask(broker, { n: 1, ask: 'machine', system: 'pool' }, gone.signal)
    expect(office.rows('SELECT uid FROM desk_hold')).toEqual([{ uid: 1001 }])
  })

  it('of a host that does not answer is told as such', async () => {
    const { members } = office.demo
    for (const { host } of members)
      host.run = () => Promise.reject(new HostError('unreachable', host.name, say`gone`))
    for (const { host } of members)
      host.stream = () => Promise.reject(new HostError('unreachable', host.name, say`gone`))
    expect(
      await answer(office.broker(anna, demoSystems), { n: 1, ask: 'machine', system: 'exam' }),
    ).toMatchObject({
      no: 'unreachable',
    })
    expect(texts()).toEqual(['refused: exam: the hosts of its machines do not answer (REF)'])
  })

  it('that is always there needs no hypervisor', async () => {
    const pool = [systemOf('lab', [{ name: 'lab', address: 'lab.example.org', always: true }])]
    for (const person of [anna, bruno])
      expect(
        await answer(office.broker(person, pool), { n: 1, ask: 'machine', system: 'lab' }),
      ).toMatchObject({
        machine: { name: 'lab', address: 'lab.example.org' },
      })
  })

  it('of a system for others is refused as one that does not exist is', async () => {
    const systems = [systemOf('secret', ['exam-02'], { groups: ['teachers'] })]
    const broker = office.broker(anna, systems, { fleet: () => Promise.reject(new Error('asked')) })
    for (const system of ['secret', 'nothing', '__proto__', 'exam-02'])
      expect(await answer(broker, { n: 1, ask: 'machine', system })).toMatchObject({ no: 'not-for-you' })
    expect(texts()).toEqual([
      'refused: no system secret for this person (REF)',
      'refused: no system nothing for this person (REF)',
      'refused: no system __proto__ for this person (REF)',
      'refused: no system exam-02 for this person (REF)',
    ])
  })

  it('of a system for others is refused, and the journal says that not all groups are known, where that is so', async () => {
    const systems = [systemOf('secret', ['exam-02'], { groups: ['teachers'] })]
    const broker = office.broker({ ...anna, unknown: say`ldap1: no answer` }, systems)
    expect(await answer(broker, { n: 1, ask: 'machine', system: 'secret' })).toMatchObject({
      no: 'not-for-you',
    })
    expect(texts()).toEqual([
      'refused: no system secret for this person; the directory does not tell their groups: ldap1: no answer (REF)',
    ])
  })

  it('is free again when its session has ended, or is silent for long', async () => {
    const pool = [systemOf('exam', ['exam-02'])]
    let now = Date.now()
    const options = { now: () => now }
    const [first, second] = [office.broker(anna, pool, options), office.broker(bruno, pool, options)]
    const wants = { n: 1, ask: 'machine', system: 'exam' }
    expect(await answer(first, wants)).toHaveProperty('machine')
    expect(await answer(first, account('start', 'aaaaaa'))).toHaveProperty('done')
    expect(office.rows('SELECT groups FROM desk_account')).toEqual([{ groups: '["anna","desk"]' }])
    now += 20 * minute
    expect(await answer(second, wants)).toMatchObject({ no: 'none-free' })
    expect(await answer(first, account('end', 'aaaaaa', 'exam-02', { how: 'closed' }))).toHaveProperty('done')
    expect(await answer(second, wants)).toHaveProperty('machine')
    expect(await answer(second, account('start', 'bbbbbb'))).toHaveProperty('done')
    expect(await answer(first, wants)).toMatchObject({ no: 'none-free' })
    now += silentAfter + 1
    expect(await answer(first, wants)).toHaveProperty('machine')
  })
})

it('writes down why a channel did not open, as it was told to the person, with what they can name to an operator', async () => {
  const broker = office.broker(anna, demoSystems)
  const failure = { n: 3, ask: 'failed', channel: 'abc234', machine: 'exam-02', kind: 'auth' }
  expect(await answer(broker, { ...failure, reason: 'no login as anna\u001b[2J' })).toEqual({
    n: 3,
    last: true,
    done: true,
  })
  expect(office.told(anna).map(({ text, severity }) => [text, severity])).toEqual([
    ['did not get onto exam-02: no login as anna\\e[2J (abc234)', 'warning'],
  ])
  expect(await answer(broker, { ...failure, kind: 'bored', reason: '' })).toMatchObject({ no: 'malformed' })
})

describe('who looks at a channel', () => {
  const look = { n: 3, ask: 'look', channel: 'abc234', machine: 'exam-02', by: 'carla', controls: false }
  const done = { n: 3, last: true, done: true }
  /** Who says one step after the other of a look. */
  function teller(options: Partial<BrokerOptions> = {}) {
    const broker = office.broker(anna, demoSystems, {
      viewing: 'ask',
      isAsking: async () => true,
      ...options,
    })
    return (what: string, more: object = {}) => answer(broker, { ...look, ...more, what })
  }

  it('is written down where it may be, with both names', async () => {
    const tell = teller()
    for (const over of ['refused', 'unanswered', 'withdrawn']) {
      expect(await tell('asked')).toEqual(done)
      expect(await tell(over)).toEqual(done)
    }
    for (const [controls, endedBy] of [
      [false, undefined],
      [true, 'person'],
    ] as const) {
      await tell('asked', { controls })
      expect(await tell('agreed', { controls })).toEqual(done)
      expect(await tell('ended', { controls, endedBy })).toEqual(done)
    }
    const asked = 'was asked by carla to let them look at the desktop of exam-02 (REF)'
    expect(texts()).toEqual([
      asked,
      'did not let carla look at the desktop of exam-02 (REF)',
      asked,
      'did not answer carla, who asked to look at the desktop of exam-02 (REF)',
      asked,
      'was asked no more by carla to let them look at the desktop of exam-02 (REF)',
      asked,
      'agreed to let carla look at the desktop of exam-02 (REF)',
      'is alone again at the desktop of exam-02 (REF): carla looks no more',
      'was asked by carla to let them take over the desktop of exam-02 (REF)',
      'agreed to let carla take over the desktop of exam-02 (REF)',
      'is alone again at the desktop of exam-02 (REF): ended that carla looks',
    ])
  })

  it('is told as the word of the person where the broker does not see that somebody asks', async () => {
    const asked: unknown[] = []
    const tell = teller({
      isAsking: async (asking) => {
        asked.push(asking)
        return false
      },
    })
    for (const what of ['asked', 'agreed', 'ended']) await tell(what)
    expect(asked).toEqual([{ by: 'carla', owner: anna, channel: 'abc234', controls: false }])
    expect(texts()).toEqual([
      'was asked by carla to let them look at the desktop of exam-02 (REF), as their own program says',
      'agreed to let carla look at the desktop of exam-02 (REF), as their own program says',
      'is alone again at the desktop of exam-02 (REF): carla looks no more, as their own program says',
    ])
    // What is their own they may see.
    await tell('asked', { by: 'anna' })
    expect([asked.length, texts().at(-1)]).toEqual([
      1,
      'was asked by anna to let them look at the desktop of exam-02 (REF)',
    ])
  })

  it('has agreed to nothing that nobody asked, and ends once', async () => {
    const tell = teller()
    expect(await tell('agreed')).toMatchObject({ no: 'malformed' })
    await tell('asked')
    expect(await tell('ended')).toMatchObject({ no: 'malformed' })
    expect(await tell('agreed', { by: 'dario' })).toMatchObject({ no: 'malformed' })
    await tell('agreed')
    expect(await tell('refused')).toMatchObject({ no: 'malformed' })
    for (let i = 0; i < 3; i++) expect(await tell('ended')).toEqual(done)
    expect(texts().filter((text) => !text.startsWith('refused'))).toEqual([
      'was asked by carla to let them look at the desktop of exam-02 (REF)',
      'agreed to let carla look at the desktop of exam-02 (REF)',
      'is alone again at the desktop of exam-02 (REF): carla looks no more',
    ])
  })

  it('is nobody where the journal takes no more of that person; what has begun has its end there', async () => {
    let now = 1_000_000 * 60 * minute
    const options = { viewing: 'ask', isAsking: async () => true, now: () => now } as const
    const broker = office.broker(anna, demoSystems, options)
    for (const what of ['asked', 'agreed']) await answer(broker, { ...look, what })
    for (let i = 0; i < allowances.told.most; i++) {
      now += 1_000
      await answer(broker, 'rubbish')
    }
    expect(await answer(broker, { ...look, channel: 'bcd234', what: 'asked' })).toMatchObject({
      no: 'too-many',
    })
    expect(await answer(broker, { ...look, what: 'ended' })).toEqual(done)
    expect(texts().at(-1)).toMatch(/^is alone again/)
    expect(await answer(broker, { ...look, what: 'ended' })).toMatchObject({ no: 'too-many' })
  })

  it('is nobody where it is off, as it is if nothing is said; what has begun ends all the same', async () => {
    await teller()('asked')
    await teller()('agreed')
    const tell = teller({ viewing: 'off' })
    expect(await tell('asked', { channel: 'bcd234' })).toMatchObject({ no: 'not-for-you' })
    expect(texts().at(-1)).toMatch(
      /^refused: was asked by .* nobody may look here \(desk\.viewing\) \([a-z2-7]{6}\)$/,
    )
    expect(await tell('ended')).toEqual(done)
    expect(texts().at(-1)).toMatch(/^is alone again/)
  })
})

describe('the account', () => {
  const systems = [
    systemOf('exam', ['exam-01', 'exam-02']),
    systemOf('other', ['debian-kde-01']),
    systemOf('secret', ['windows-01'], { groups: ['teachers'] }),
  ]
  const kept = () => {
    const book = new DeskBook(office.file)
    const sessions = readSessions(book.db)
    book.close()
    return sessions
  }

  it('has one start and one end of a channel, however often they are told', async () => {
    let now = 1_000_000
    office.give('exam-02', anna, now)
    const broker = office.broker(anna, systems, { now: () => now })
    for (const what of ['start', 'start', 'alive', 'end', 'end', 'alive', 'start']) {
      now += 5 * minute
      expect([what, await answer(broker, account(what, 'aaaaaa'))]).toEqual([
        what,
        { n: 9, last: true, done: true },
      ])
    }
    expect(kept()).toEqual([
      expect.objectContaining({ who: 'anna', system: 'exam', startedAt: 1_300_000, endedAt: 2_200_000 }),
    ])
    expect(office.rows('SELECT what FROM desk_account ORDER BY id').map(({ what }) => what)).toEqual([
      'start',
      'alive',
      'end',
    ])
    expect(texts()).toEqual([
      'is on exam-02 from term3 with xfce, channel aaaaaa',
      'left exam-02 after 15 min, channel aaaaaa',
    ])
  })

  it('has a line that it is still there now and then only', async () => {
    let now = 1_000_000
    office.give('exam-02', anna, now)
    const broker = office.broker(anna, systems, { now: () => now })
    await answer(broker, account('start', 'aaaaaa'))
    for (let i = 0; i < 20; i++) {
      now += minute
      await answer(broker, account('alive', 'aaaaaa'))
    }
    expect(office.rows("SELECT at FROM desk_account WHERE what = 'alive'")).toHaveLength(5)
  })

  it('is not written for a channel of another person, nor for one that there is not', async () => {
    office.give('exam-02', anna)
    const [first, second] = [office.broker(anna, systems), office.broker(bruno, systems)]
    await answer(first, account('start', 'aaaaaa'))
    for (const what of ['start', 'alive', 'end'])
      expect(await answer(second, account(what, 'aaaaaa'))).toMatchObject({ no: 'not-for-you' })
    for (const what of ['alive', 'end'])
      expect(await answer(second, account(what, 'zzzzzz'))).toMatchObject({ no: 'not-for-you' })
    expect(kept()).toMatchObject([{ who: 'anna', channel: 'aaaaaa' }])
    expect(kept()[0]).not.toHaveProperty('endedAt')
    expect(texts(bruno)).toHaveLength(5)
  })

  it('is not written for a machine that is not for this person', async () => {
    for (const one of ['windows-01', 'exam-01']) office.give(one, anna)
    const broker = office.broker(anna, systems)
    for (const machine of ['windows-01', 'hv1', 'nothing'])
      expect(await answer(broker, account('start', 'aaaaaa', machine))).toMatchObject({ no: 'not-for-you' })
    for (const system of ['secret', 'other', 'nothing'])
      expect(await answer(broker, account('start', 'aaaaaa', 'exam-01', { system }))).toMatchObject({
        no: 'not-for-you',
      })
    expect(kept()).toEqual([])
  })

  it('is not written for a machine that was not given to this person: nobody takes a pool by saying so', async () => {
    const broker = office.broker(anna, systems)
    office.give('exam-02', bruno, Date.now() - 15 * minute)
    expect(await answer(broker, account('start', 'aaaaaa'))).toMatchObject({ no: 'not-for-you' })
    expect(texts()).toEqual(['refused: exam-02 was not given to this person (REF)'])
    // Whoever was asked for a password may have been away for longer than it was kept.
    office.give('exam-02', anna, Date.now() - 60 * minute)
    expect(await answer(broker, account('start', 'aaaaaa'))).toHaveProperty('done')
    expect(kept()).toHaveLength(1)
  })

  it('is not written for a machine that was given to somebody else, because it was asked for too long ago', async () => {
    office.give('exam-02', anna, Date.now() - 60 * minute)
    office.give('exam-02', bruno)
    expect(await answer(office.broker(anna, systems), account('start', 'aaaaaa'))).toMatchObject({
      no: 'none-free',
    })
    expect(await answer(office.broker(bruno, systems), account('start', 'bbbbbb'))).toHaveProperty('done')
    expect(kept()).toMatchObject([{ who: 'bruno' }])
  })

  it('ends a channel that others found when it was last seen there, and neither before it was heard nor in time to come', async () => {
    for (const [channel, ago, endedAt] of [
      ['aaaaaa', 7, 1_593_000],
      ['bbbbbb', 0, 1_600_000],
      ['cccccc', 1_000_000, 1_300_000],
    ] as const) {
      let now = 1_000_000
      office.give('exam-02', anna, now)
      const broker = office.broker(anna, systems, { now: () => now })
      await answer(broker, account('start', channel))
      now += 5 * minute
      await answer(broker, account('alive', channel))
      now += 5 * minute
      for (let i = 0; i < 2; i++) {
        expect(await answer(broker, account('end', channel, 'exam-02', { how: 'lost', ago }))).toHaveProperty(
          'done',
        )
        now += minute
      }
      expect(kept().at(-1)).toMatchObject({ channel, endedAt, how: 'lost' })
    }
    expect(
      await answer(office.broker(anna, systems), account('alive', 'aaaaaa', 'exam-02', { ago: 1 })),
    ).toMatchObject({ no: 'malformed' })
  })

  it('has another session of a channel that is heard again after it was silent for too long', async () => {
    let now = 1_000_000
    office.give('exam-02', anna, now)
    const broker = office.broker(anna, systems, { now: () => now })
    await answer(broker, account('start', 'aaaaaa'))
    now += silentAfter + 1
    const book = new DeskBook(office.file)
    endSilent(book.db, now)
    book.close()
    now += 1_000
    expect(await answer(broker, account('alive', 'aaaaaa'))).toHaveProperty('done')
    now += minute
    await answer(broker, account('end', 'aaaaaa', 'exam-02', { how: 'closed' }))
    const began = now - minute
    expect(kept()).toMatchObject([
      { startedAt: 1_000_000, endedAt: 1_000_000, how: 'silent' },
      { who: 'anna', system: 'exam', terminal: 'term3', startedAt: began, endedAt: now, how: 'closed' },
    ])
    expect(texts()).toContain('is heard again on exam-02, channel aaaaaa')
  })

  it('of a session that ends does not take the machine from another terminal of the same person', async () => {
    let now = 1_000_000
    const broker = office.broker(anna, systems, { now: () => now })
    const wants = { n: 1, ask: 'machine', system: 'exam' }
    const other = office.broker(bruno, [systemOf('exam', ['exam-02'])], { now: () => now })
    office.give('exam-02', anna, now)
    await answer(broker, account('start', 'aaaaaa'))
    now += minute
    office.give('exam-02', anna, now)
    now += minute
    expect(await answer(broker, account('end', 'aaaaaa'))).toHaveProperty('done')
    expect(await answer(other, wants)).toMatchObject({ no: 'none-free' })
    expect(await answer(broker, account('start', 'bbbbbb'))).toHaveProperty('done')
    now += minute
    expect(await answer(broker, account('end', 'bbbbbb'))).toHaveProperty('done')
    expect(await answer(other, wants)).toHaveProperty('machine')
  })

  it('is not written where it says two things', async () => {
    office.give('exam-02', anna)
    const broker = office.broker(anna, systems)
    await answer(broker, account('start', 'aaaaaa'))
    expect(await answer(broker, account('end', 'aaaaaa', 'exam-01'))).toMatchObject({ no: 'malformed' })
    expect(await answer(broker, account('start', 'aaaaaa', 'exam-02', { terminal: 'other' }))).toMatchObject({
      no: 'malformed',
    })
    expect(await answer(broker, account('alive', 'aaaaaa', 'exam-02', { how: 'lost' }))).toMatchObject({
      no: 'malformed',
    })
    expect(kept()).toHaveLength(1)
  })

  it('can end what has begun before the catalogue was changed', async () => {
    office.give('exam-02', anna)
    await answer(office.broker(anna, systems), account('start', 'aaaaaa'))
    expect(
      await answer(office.broker(anna, []), account('end', 'aaaaaa', 'exam-02', { how: 'ended' })),
    ).toHaveProperty('done')
    expect(kept()[0]?.how).toBe('ended')
  })

  it('has so many sessions of one person at once, and no more', async () => {
    let now = 1_000_000
    office.give('exam-02', anna, now)
    const broker = office.broker(anna, systems, { now: () => now })
    const letters = 'abcdefghijklmnopqrstuvwxyz234567'
    const channel = (i: number) => `aaaa${letters[Math.floor(i / 32)]}${letters[i % 32]}`
    for (let i = 0; i < mostAtOnce; i++) {
      now += 1_000
      expect(await answer(broker, account('start', channel(i)))).toHaveProperty('done')
    }
    expect(await answer(broker, account('start', 'zzzzzz'))).toMatchObject({ no: 'too-many' })
    await answer(broker, account('end', channel(0)))
    expect(await answer(broker, account('start', 'zzzzzz'))).toHaveProperty('done')
  })
})

describe('too much', () => {
  const most = allowances.asked.most

  it('is refused over all brokers of a person, with one entry, and of nobody else', async () => {
    let now = 1_000_000 * minute
    const options = { now: () => now }
    const brokers = [office.broker(anna, [], options), office.broker(anna, [], options)] as const
    const wants = { n: 1, ask: 'systems' }
    for (let i = 0; i < most; i++)
      expect(await answer(brokers[i % 2 ? 1 : 0], wants)).toHaveProperty('systems')
    const refused = []
    for (let i = 0; i < 500; i++) refused.push(await answer(brokers[i % 2 ? 1 : 0], wants))
    const references = new Set(refused.map(({ reference }) => reference))
    expect(new Set(refused.map(({ no }) => no))).toEqual(new Set(['too-many']))
    expect(references.size).toBe(1)
    expect(texts()).toEqual(['refused: too many requests in one minute (REF)'])
    expect(office.told(anna)[0]?.text).toContain(`(${[...references][0]})`)
    expect(await answer(office.broker(bruno, [], options), wants)).toHaveProperty('systems')
    now += minute
    expect(await answer(brokers[0], wants)).toHaveProperty('systems')
  })

  it('does not fill the journal, in which others look for what happened', async () => {
    let now = 1_000_000 * 60 * minute
    const broker = office.broker(anna, [], { now: () => now })
    for (let i = 0; i < 3 * allowances.told.most; i++) {
      now += 1_000
      expect(await answer(broker, 'rubbish')).toHaveProperty('reference')
    }
    expect(office.told(anna)).toHaveLength(allowances.told.most + 1)
    expect(texts().at(-1)).toBe(
      'refused: too much to write down in one hour; until it is over all is refused (REF)',
    )
    expect(await answer(broker, { n: 1, ask: 'systems' })).toMatchObject({ no: 'too-many' })
    now += 60 * minute
    expect(await answer(broker, { n: 1, ask: 'systems' })).toHaveProperty('systems')
  })
})

describe('what cannot be written down', () => {
  it('is not done', async () => {
    const broker = office.broker(anna, demoSystems)
    const writer = new DeskBook(office.file)
    writer.db.exec('DROP TABLE desk_rate')
    writer.close()
    expect(await answer(broker, { n: 1, ask: 'machine', system: 'debian' })).toMatchObject({ no: 'broken' })
  })
  it('is not done where the journal is lost', async () => {
    const journal = new Journal(office.path)
    const broker = office.broker(anna, demoSystems, { journal })
    expect(journal.trouble).toBeDefined()
    expect(await answer(broker, { n: 1, ask: 'machine', system: 'debian' })).toMatchObject({ no: 'broken' })
    journal.close()
  })
})
