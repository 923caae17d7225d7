import { describe, expect, it } from 'vitest'
import { HostError } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import { hangs, type Said, type Script } from './support/scripted-host.ts'
import { settle, watching, withTestClock } from './support/watching.ts'

withTestClock()

const a = '11111111-1111-4111-8111-111111111111'
const b = '22222222-2222-4222-8222-222222222222'

/** A libvirt with QEMU; what differs from it is given by command. */
function qemu(
  names: Map<string, string>,
  different: Record<string, (words: readonly string[]) => Said> = {},
): Script {
  const listed = () => `${[...names].map(([name, uuid]) => `${uuid} ${name}`).join('\n')}\n\n`
  const answers: Record<string, (words: readonly string[]) => Said> = {
    uri: () => 'qemu:///system\n\n',
    nodeinfo: () => 'CPU(s):              4\nMemory size:         8000000 KiB\n\n',
    nodecpustats: () => 'user: 100\nsystem: 100\nidle: 800\niowait: 0\n\n',
    nodememstats: () => 'total  : 8000000 KiB\nfree   : 4000000 KiB\n\n',
    domcapabilities: () => '<domain>kvm</domain>\n',
    list: (words) => {
      if (words.includes('--name')) return listed()
      const other = words.some((word) => /^--state-(paused|shutoff)$/.test(word))
      return other ? '\n' : `${[...names.values()].join('\n')}\n\n`
    },
    domname: ([, uuid]) => `${[...names].find(([, of]) => of === uuid)?.[0]}\n\n`,
    domstate: ([, uuid]) =>
      [...names.values()].includes(uuid ?? '')
        ? 'running (booted)\n\n'
        : { err: `error: failed to get domain '${uuid}'\n` },
    domstats: () =>
      [...names.keys()].map((name) => `Domain: '${name}'\n  state.state=1\n  state.reason=1\n`).join('\n'),
    dumpxml: ([, uuid]) => `<domain><name>x</name><uuid>${uuid}</uuid><title>of ${uuid}</title></domain>\n`,
    'pool-list': () => 'default\n\n',
    'net-list': () => 'lan\n\n',
    ...different,
  }
  return {
    virsh: (words) => answers[words[0] ?? '']?.(words) ?? { err: `error: unknown command: '${words[0]}'\n` },
    program: (words) =>
      words[0] === 'ps' ? `  100 root root qemu-kvm qemu -uuid ${a} -S\n` : { err: 'not found' },
  }
}

describe('a watch of libvirt', () => {
  it('looks at the interval', async () => {
    const t = watching(qemu(new Map([['web', a]])))
    t.watch.start()
    await t.next(0)
    expect(t.machine('web')).toMatchObject({ state: 'running', reason: 'booted', title: `of ${a}` })
    const count = t.readings.length
    expect(await t.until('a look', () => t.readings.length > count)).toBe(1000)
    t.watch.interval = 3000
    await t.next()
    const later = t.readings.length
    expect(await t.until('a slower look', () => t.readings.length > later)).toBe(3000)
    t.watch.stop()
  })

  it.each([
    { machines: false, pools: false, also: [] },
    { machines: true, pools: false, also: ['dumpxml', 'ps'] },
    { machines: false, pools: true, also: ['pool-info'] },
  ])('reads for a glance only what is told, and follows nothing: $also', async ({ also, ...glance }) => {
    const t = watching(qemu(new Map([['web', a]])), undefined, undefined, glance)
    t.watch.start()
    for (let looks = 0; looks < 3; looks++) await t.next()
    const costly = ['dumpxml', 'ps', 'pool-info', 'domcapabilities']
    const asked = costly.filter((one) => t.host.asked.some((words) => words.split(' ').includes(one)))
    expect(asked).toEqual(also)
    expect(t.host.followed).toBe(false)
    expect(t.machine('web')).toMatchObject({ state: 'running' })
    t.watch.stop()
  })

  it('asks for memory and devices every third second, and at once when something has happened to a machine', async () => {
    const names = new Map([['web', a]])
    const t = watching(qemu(names))
    const askedIn = async () => {
      const before = t.host.asked.length
      await t.next()
      return t.host.asked.slice(before).filter((words) => /--balloon|--block/.test(words)).length
    }
    t.watch.start()
    await t.until('events being followed', () => t.host.followed)
    expect(t.readings).toHaveLength(1)
    const asked: number[] = []
    while (asked.length < 9) asked.push(await askedIn())
    // The first look is over, and the second asks too, since rates need two readings.
    expect(asked).toEqual([2, 0, 0, 2, 0, 0, 2, 0, 0])
    t.host.tell("'balloon-change' for domain 'web': 1024")
    expect(await askedIn()).toBe(2)
    // One that has come is shown whole at its first look.
    names.set('new', b)
    expect(await askedIn()).toBe(2)
    t.watch.lookAfresh()
    expect(await askedIn()).toBe(2)
    t.watch.stop()
  })

  it('tells when memory and devices were read, and keeps what they were until then', async () => {
    let bytes = 100
    const t = watching(
      qemu(new Map([['web', a]]), {
        domstats: () =>
          `Domain: 'web'\n  state.state=1\n  state.reason=1\n  balloon.rss=50\n  net.0.rx.bytes=${bytes}\n  net.0.tx.bytes=0\n`,
      }),
    )
    t.watch.start()
    const first = await t.next()
    expect(first.devicesAt).toBe(first.at)
    bytes = 200
    const second = await t.next()
    expect(second.devicesAt).toBe(second.at)
    bytes = 300
    const third = await t.next()
    expect(third.devicesAt).toBe(second.at)
    expect(t.machine('web')).toMatchObject({ netReceivedBytes: 200, memoryUsedKiB: 50 })
    await t.next()
    const fifth = await t.next()
    expect(fifth.devicesAt).toBe(fifth.at)
    expect(t.machine('web')).toMatchObject({ netReceivedBytes: 300 })
    t.watch.stop()
  })

  it('gives the same facts, and the same list, while nothing has changed', async () => {
    const names = new Map([['web', a]])
    const t = watching(qemu(names))
    t.watch.start()
    for (let i = 0; i < 4; i++) await t.next()
    const [before] = [t.readings.at(-1)]
    await t.next()
    expect(t.readings.at(-1)?.machines).toBe(before?.machines)
    names.set('new', b)
    await t.next()
    expect(t.readings.at(-1)?.machines).toHaveLength(2)
    t.watch.stop()
  })

  it('asks for names again when one is not in the numbers, when it hears of a definition, and now and then', async () => {
    const names = new Map([['web', a]])
    const t = watching(qemu(names))
    const named = () => t.host.asked.filter((words) => words === 'list --all --name --uuid').length
    t.watch.start()
    await t.until('events being followed', () => t.host.followed)
    await t.next()
    await t.next()
    const before = named()
    await t.next()
    expect(named()).toBe(before)
    names.clear()
    names.set('renamed', a)
    await t.next()
    await t.next()
    expect(t.machine('renamed').uuid).toBe(a)
    const then = named()
    t.host.tell("'lifecycle' for domain 'renamed': Defined Renamed")
    await t.next()
    expect(named()).toBe(then + 1)
    await t.until('another list of names', () => named() === then + 2)
    t.watch.stop()
  })

  it('looks at once when libvirt tells of an event, and once for a burst of them', async () => {
    const t = watching(qemu(new Map([['web', a]])))
    t.watch.start()
    await t.until('events being followed', () => t.host.followed)
    await t.next()
    for (const detail of ['Suspended Paused', 'Resumed Unpaused'])
      t.host.tell(`'lifecycle' for domain 'web': ${detail}`)
    const count = t.readings.length
    expect(await t.until('a look', () => t.readings.length > count)).toBeLessThanOrEqual(60)
    expect(await t.until('another', () => t.readings.length > count + 1)).toBe(1000)
    t.watch.stop()
  })

  it('reads the states of all where one definition is as long as libvirt sends one', async () => {
    const long = `<domain><name>x</name><description>${'\n'.repeat(4 * 2 ** 20)}</description></domain>\n`
    const script = qemu(new Map([['web', a]]), { dumpxml: () => long })
    const t = watching(script)
    t.watch.start()
    await t.next(0)
    expect(t.machine('web')).toMatchObject({ state: 'running' })
    expect(t.machine('web').title).toBeUndefined()
    expect(t.troubles).toEqual([])
    t.watch.stop()
  })

  it('reads no host that lists more machines than one can have, and says so', async () => {
    const uuids = Array.from({ length: 1001 }, (_, i) => `${String(i).padStart(8, '0')}${a.slice(8)}`)
    const t = watching(qemu(new Map(uuids.map((uuid, i) => [`m${i}`, uuid]))))
    t.watch.start()
    await t.until('the trouble', () => t.troubles.length > 0)
    expect(t.troubles[0]).toMatchObject({ reason: expect.stringContaining('lists 1001 machines') })
    expect(t.readings).toEqual([])
    t.watch.stop()
  })

  it('shows no more pools and networks than a person looks through, and says how many more there are', async () => {
    const many = (what: string) => `${Array.from({ length: 2_000 }, (_, i) => `${what}${i}`).join('\n')}\n\n`
    const t = watching(
      qemu(new Map([['web', a]]), { 'pool-list': () => many('p'), 'net-list': () => many('n') }),
    )
    t.watch.start()
    await t.next()
    const { hypervisor, partial } = t.readings.at(-1) ?? {}
    expect([hypervisor?.pools?.length, hypervisor?.networks?.length]).toEqual([500, 500])
    expect(partial).toBe(
      '1500 more storage pools are not shown; 1500 more networks are not shown; only 20 of 2000 storage pools are watched for room',
    )
    t.watch.stop()
  })

  it.each([
    ['pool-list', { pools: undefined, networks: ['lan'] }, 'storage pools'],
    ['net-list', { pools: ['default'], networks: undefined }, 'networks'],
  ])('does without %s where it is endlessly long', async (command, names, what) => {
    const long = `${'n\n'.repeat(100_000)}\n`
    const t = watching(qemu(new Map([['web', a]]), { [command]: () => long }))
    t.watch.start()
    await t.next()
    const { hypervisor, partial } = t.readings.at(-1) ?? {}
    const { pools, networks } = hypervisor ?? {}
    expect({ pools, networks }).toEqual(names)
    expect(partial).toBe(`${what} are not known: it lists too many`)
    expect(t.machine('web')).toMatchObject({ state: 'running' })
    expect([t.host.opened, t.troubles]).toEqual([1, []])
    t.watch.stop()
  })

  it('asks for a pool by the name that it has, and shows that', async () => {
    const script = qemu(new Map([['web', a]]), { 'pool-list': () => 'a\\b\n\n' })
    const t = watching({
      ...script,
      program: (words) =>
        words.includes('pool-info') && words.includes('a\\b')
          ? 'Capacity: 100\nAvailable: 40\n'
          : { err: 'error: no such pool' },
    })
    t.watch.start()
    await t.until('its size', () => t.readings.at(-1)?.hypervisor.poolSizes?.length === 1)
    const { pools, poolSizes } = t.readings.at(-1)?.hypervisor ?? {}
    expect([pools, poolSizes]).toEqual([
      ['a\\b'],
      [expect.objectContaining({ rawName: 'a\\b', capacity: 100, available: 40 })],
    ])
    t.watch.stop()
  })

  it('looks again right after the look in the middle of which it was asked to', async () => {
    let asks = true
    const script = qemu(new Map([['web', a]]), {
      dumpxml: () => {
        if (asks) for (let i = 0; i < 3; i++) t.watch.look()
        asks = false
        return '<domain><name>web</name></domain>\n'
      },
    })
    const t = watching(script)
    t.watch.start()
    await t.next()
    expect(await t.until('the second look', () => t.readings.length === 2)).toBeLessThanOrEqual(60)
    expect(await t.until('the third', () => t.readings.length === 3)).toBe(1000)
    t.watch.stop()
  })

  it('reads a definition again after an event about it, even one that came while it was read', async () => {
    let title = 'old'
    const script = qemu(new Map([['web', a]]), {
      dumpxml: () => {
        const said = `<domain><name>web</name><title>${title}</title></domain>\n`
        if (title === 'during') {
          title = 'new'
          t.host.tell("'metadata-change' for domain 'web'")
        }
        return said
      },
    })
    const t = watching(script)
    t.watch.start()
    await t.until('events being followed', () => t.host.followed)
    await t.next()
    expect(t.machine('web').title).toBe('old')
    title = 'during'
    t.host.tell("'metadata-change' for domain 'web'")
    await t.next()
    expect(await t.until('the new title', () => t.machine('web').title === 'new')).toBeLessThan(1000)
    t.watch.stop()
  })

  it.each([
    ['has an event in it', "x': Stopped Failed\nevent 'lifecycle' for domain 'web': Stopped Failed"],
    [
      'says that another is gone',
      "x\n2026-11-22 07:06:52.003+0000: event 'lifecycle' for domain 'web': Undefined Removed",
    ],
    ['has quotation marks', "it's 'x': Stopped"],
    ['has a line break', 'x\ny'],
    ['is longer than a line may be', 'x'.repeat(100_000)],
  ])(
    'asks again after an event of a machine whose name %s, and believes nothing else of it',
    async (_, name) => {
      let title = 'old'
      const script = qemu(
        new Map([
          ['web', a],
          [name, b],
        ]),
        {
          dumpxml: ([, uuid]) =>
            `<domain><name>x</name><title>${uuid === b ? title : 'web'}</title></domain>\n`,
        },
      )
      const t = watching(script)
      t.watch.start()
      await t.until('events being followed', () => t.host.followed)
      await t.next()
      const told = () => t.readings.at(-1)?.machines.map(({ uuid, state, title: of }) => [uuid, state, of])
      expect(told()).toEqual([
        [a, 'running', 'web'],
        [b, 'running', 'old'],
      ])
      title = 'new'
      t.host.tell(`'lifecycle' for domain '${name}': Stopped Failed`)
      expect(await t.until('the new title', () => told()?.[1]?.[2] === 'new')).toBeLessThan(1000)
      expect(told()).toEqual([
        [a, 'running', 'web'],
        [b, 'running', 'new'],
      ])
      expect(t.host.followed).toBe(true)
      t.watch.stop()
    },
  )

  it('does not look without end where events come without end', async () => {
    const t = watching(qemu(new Map([['web', a]])))
    t.watch.start()
    await t.until('events being followed', () => t.host.followed)
    await t.next()
    const before = t.readings.length
    let passed = 0
    while (passed < 10_000) {
      t.host.tell("'agent-lifecycle' for domain 'web': state: 'connected' reason: 'channel event'")
      const count = t.readings.length
      passed += await t.until('a look', () => t.readings.length > count)
    }
    expect(t.readings.length - before).toBeLessThan(60)
    t.watch.stop()
  })

  it('reads only what is safe while a guest hangs, says so, and tries all again after a pause', async () => {
    let hung = false
    const script = qemu(new Map([['web', a]]), {
      domstats: (words) =>
        // What hangs with a guest: docs/internals/libvirt.md, "Hung guests".
        hung && ['--balloon', '--cpu-total', '--vcpu', '--block'].some((group) => words.includes(group))
          ? hangs
          : "Domain: 'web'\n  state.state=1\n  state.reason=1\n",
      dumpxml: () => (hung ? hangs : '<domain><name>web</name></domain>\n'),
    })
    const t = watching(script)
    t.watch.start()
    await t.next()
    hung = true
    const reading = await t.until('a partial reading', () => t.readings.at(-1)?.partial !== undefined)
    expect(reading).toBeLessThan(5000)
    expect(t.readings.at(-1)?.partial).toContain('may hang')
    expect(t.machine('web').state).toBe('running')
    t.host.tell("'lifecycle' for domain 'web': Suspended Paused")
    await t.next(1000)
    hung = false
    const healed = await t.until('a full reading', () => t.readings.at(-1)?.partial === undefined)
    expect(healed).toBeGreaterThan(15_000)
    expect(healed).toBeLessThan(22_000)
    expect(t.troubles).toEqual([])
    t.watch.stop()
  })

  it('gives a slow host more patience each time instead of never an answer', async () => {
    const script = qemu(new Map([['web', a]]), { nodeinfo: () => hangs })
    const t = watching(script)
    t.watch.start()
    const waits: number[] = []
    for (let i = 1; i <= 3; i++) waits.push(await t.until('a try given up', () => t.troubles.length === i))
    expect(waits[0]).toBe(3000)
    expect(waits[1]).toBeGreaterThanOrEqual(6000)
    expect(waits[2]).toBeGreaterThanOrEqual(12_000)
    expect(t.host.open.size).toBe(0)
    t.watch.stop()
  })

  const unsupported = { err: 'error: this function is not supported by the connection driver: x\n' }
  it.each<[string, Said, string]>([
    ['one that tells it', '<domain>kvm</domain>\n', 'kvm'],
    ['one that does not say', '<domainCapabilities/>\n', 'qemu'],
    ['one that cannot tell', unsupported, 'qemu'],
    ['one that fails', { err: 'error: invalid argument: unable to find any emulator\n' }, 'qemu'],
  ])(
    'asks a driver once what a new machine would be, after the first rows: %s',
    async (_, said, virtType) => {
      const t = watching(qemu(new Map([['web', a]]), { domcapabilities: () => said }))
      const asked = () => t.host.asked.filter((words) => words === 'domcapabilities')
      t.watch.start()
      expect((await t.next(0)).hypervisor.virtType).toBeUndefined()
      expect(asked()).toHaveLength(0)
      for (let look = 0; look < 3; look++) expect((await t.next()).hypervisor.virtType).toBe(virtType)
      expect(asked()).toHaveLength(1)
      expect(t.troubles).toEqual([])
      t.watch.stop()
    },
  )

  it('tells of a libvirtd that died, with what to do, and recovers by itself', async () => {
    const names = new Map([['web', a]])
    const t = watching(qemu(names))
    t.watch.start()
    await t.until('events being followed', () => t.host.followed)
    await t.next()
    const dead = {
      err: "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': Connection refused\n",
    }
    t.host.script = { virsh: () => dead }
    t.host.endEvents()
    expect(await t.until('trouble', () => t.troubles.length > 0)).toBeLessThanOrEqual(60)
    expect(t.troubles[0]).toMatchObject({ kind: 'refused' })
    expect(t.troubles[0]?.advice).toContain('systemctl start libvirtd')
    expect(t.host.followed).toBe(false)
    t.host.script = qemu(names)
    await t.next(6000)
    await t.until('events being followed again', () => t.host.followed)
    t.watch.stop()
  })

  describe('that finds no libvirt', () => {
    const noSocket = {
      err: "error: Failed to connect socket to '/run/libvirt/libvirt-sock-ro': Connection refused\n",
    }
    const noRight = {
      err: "error: Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied\n",
    }

    it.each<[string, Said, RegExp]>([
      ['hangs', hangs, /^libvirtd hangs: no connection to qemu:\/\/\/system in 3 s; /],
      ['does not run', noSocket, /^libvirtd does not run: .*; /],
      ['may not be used', noRight, /^this user may not use libvirt: .*; /],
    ])('says what is wrong where it %s, and that the machines may be running', async (_, said, reason) => {
      const t = watching({ virsh: () => said, program: () => '' })
      t.watch.start()
      await t.until('trouble', () => t.troubles.length > 0)
      expect(t.troubles[0]?.reason).toMatch(reason)
      expect(t.troubles[0]?.reason).toMatch(/; the host answers: its machines may be running$/)
      expect(t.answering).toEqual([true])
      t.watch.stop()
    })

    it.each<[string, HostError | 'hangs', number]>([
      ['is not reached', new HostError('unreachable', 'h1', say`no route`), 3000],
      ['hangs as a whole', 'hangs', 6000],
    ])('does not say so of a host that %s', async (_, error, atMost) => {
      const t = watching({ virsh: () => hangs, program: () => hangs })
      if (error !== 'hangs') t.host.run = () => Promise.reject(error)
      t.watch.start()
      expect(await t.until('trouble', () => t.troubles.length > 0)).toBeLessThanOrEqual(atMost)
      expect(t.troubles[0]?.reason).toBe('libvirtd hangs: no connection to qemu:///system in 3 s')
      expect(t.answering).toEqual([false])
      t.watch.stop()
    })

    it('does not tell of it as lost and found again at each look', async () => {
      const t = watching({ virsh: () => hangs, program: () => '' })
      t.host.stream = () => Promise.reject(new HostError('unreachable', 'h1', say`virsh ended`))
      t.watch.start()
      await t.until('some failures', () => t.troubles.length >= 4)
      expect(t.answering).toEqual([false, true, true, true])
      t.watch.stop()
    })

    it('tells at once of a host that is lost, and does not ask it twice when its key is wrong', async () => {
      for (const kind of ['unreachable', 'hostkey', 'auth'] as const) {
        const t = watching({ virsh: () => hangs, program: () => hangs })
        t.host.stream = () => Promise.reject(new HostError(kind, 'h1', say`lost`))
        t.watch.start()
        expect(await t.until('trouble', () => t.troubles.length > 0)).toBe(0)
        expect(t.troubles[0]).toMatchObject({ kind, reason: 'lost' })
        expect(t.answering).toEqual([false])
        expect(t.host.asked).toEqual(kind === 'unreachable' ? ['true'] : [])
        t.watch.stop()
      }
    })
  })

  it('opens another virsh when the one it had has ended between two looks, without a word', async () => {
    const t = watching(qemu(new Map([['web', a]])))
    t.watch.start()
    await t.next()
    for (const channel of [...t.host.open]) channel.kill()
    await t.next()
    expect(t.troubles).toEqual([])
    expect(t.host.opened).toBe(2)
    t.watch.stop()
  })

  it('leaves a stream of events that cannot be opened alone for longer each time', async () => {
    const t = watching(qemu(new Map([['web', a]])))
    let streams = 0
    const stream = t.host.stream.bind(t.host)
    t.host.stream = async (argv) => {
      if (!argv.includes('event')) return stream(argv)
      streams++
      throw new Error('no more sessions')
    }
    t.watch.start()
    await t.until('a minute', () => false, 60_000).catch(() => {})
    expect(streams).toBeGreaterThan(2)
    expect(streams).toBeLessThan(10)
    t.watch.stop()
  })

  it('is not disturbed by a machine that goes between the list and its definition', async () => {
    const names = new Map([
      ['web', a],
      ['gone', b],
    ])
    const script = qemu(names, {
      dumpxml: ([, uuid]) =>
        uuid === b ? { err: `error: failed to get domain '${b}'\n` } : '<domain><name>web</name></domain>\n',
      domstats: () => {
        const said = [...names.keys()].map((n) => `Domain: '${n}'\n  state.state=1\n  state.reason=1\n`)
        return said.join('\n')
      },
    })
    const t = watching(script)
    t.watch.start()
    await t.next()
    expect(t.readings[0]?.machines.map((m) => m.rawName)).toEqual(['web', 'gone'])
    names.delete('gone')
    await t.next()
    expect(t.readings[1]?.machines.map((m) => m.rawName)).toEqual(['web'])
    expect(t.troubles).toEqual([])
    t.watch.stop()
  })

  it('asks again for a machine that domstats has not told of, and says what it cannot know', async () => {
    const names = new Map([
      ['web', a],
      ['slow', b],
    ])
    let said: Said = 'paused (user)\n\n'
    const script = qemu(names, {
      domstats: () => "Domain: 'web'\n  state.state=1\n  state.reason=1\n",
      list: (words) =>
        words.includes('--name')
          ? `${a} web\n${b} slow\n\n`
          : words.includes('--state-running')
            ? `${a}\n\n`
            : words.includes('--state-paused') || words.includes('--state-shutoff')
              ? '\n'
              : `${a}\n${b}\n\n`,
      domstate: () => said,
    })
    const t = watching(script)
    t.watch.start()
    await t.next()
    expect(t.machine('slow')).toMatchObject({ state: 'paused', reason: 'user' })
    said = { err: 'error: Timed out during operation: cannot acquire state change lock\n' }
    await t.next()
    expect(t.machine('slow')).toMatchObject({ state: 'no state', reason: 'not told in time' })
    said = { err: `error: failed to get domain '${b}'\n` }
    expect((await t.next()).machines.map((m) => m.rawName)).toEqual(['web'])
    t.watch.stop()
  })

  describe('with a machine whose owner means harm', () => {
    const evil = '33333333-3333-4333-8333-333333333333'
    const stranger = '44444444-4444-4444-8444-444444444444'
    const stats = (name: string, more = '') =>
      `Domain: '${name}'\n  state.state=1\n  state.reason=1\n  cpu.time=100\n${more}\n`
    /** web runs, and so does the evil one, whose name or interface is free text. */
    function withEvil(name: string, port: string): Script {
      const machines = [
        [a, 'web', 'vnet0'],
        [evil, name, port],
      ] as const
      return qemu(new Map(machines.map(([uuid, of]) => [of, uuid])), {
        domstats: (words) => {
          const asked = machines.filter(
            ([uuid]) => !/^[0-9a-f-]{36}$/.test(words.at(-1) ?? '') || words.includes(uuid),
          )
          const ports = words.includes('--interface')
          return asked
            .map(([, of, at]) => stats(of, ports ? `  net.0.name=${at}\n  net.0.rx.bytes=7\n` : ''))
            .reverse()
            .join('')
        },
      })
    }
    const forged = "\nDomain: 'web'\n  state.state=5\n  state.reason=1\n  net.0.rx.bytes=9\n  x"

    it.each([
      ['a port', withEvil('evil', `v${forged}`)],
      ['a name that is a paragraph', withEvil(`evil${forged}`, 'vnet1')],
      ['a name that ends as a paragraph', withEvil("evil\nDomain: 'web", 'vnet1')],
      ['a name that is a row', withEvil(`evil\n${a} not web`, 'vnet1')],
      ['a name that is a row of a machine elsewhere', withEvil(`evil\n${stranger} db${forged}`, 'vnet1')],
    ])('hides no other by %s, changes no number of it, and makes up none', async (_, script) => {
      const t = watching(script)
      t.watch.start()
      const { machines } = await t.next()
      expect(machines.map(({ uuid }) => uuid)).toEqual([a, evil])
      expect(t.machine('web')).toMatchObject({
        state: 'running',
        reason: 'booted',
        cpuNs: 100,
        netReceivedBytes: 7,
      })
      expect(machines[1]).toMatchObject({ state: 'running' })
      expect(t.troubles).toEqual([])
      t.watch.stop()
    })
  })

  it.each(['uri', 'nodeinfo', 'domstats', 'dumpxml', 'net-list'])(
    'ends everything when it is stopped while %s is asked, and tells nothing more',
    async (command) => {
      const script = qemu(new Map([['web', a]]), { [command]: () => hangs })
      const t = watching(script)
      t.watch.start()
      await t.until('the command', () => t.host.asked.some((words) => words.startsWith(command)))
      t.watch.stop()
      await t.host.close()
      await settle()
      expect(t.host.open.size).toBe(0)
      expect(t.readings).toEqual([])
      expect(t.troubles).toEqual([])
    },
  )

  it('closes a virsh that opens only after it was stopped', async () => {
    const t = watching(qemu(new Map([['web', a]])))
    const stream = t.host.stream.bind(t.host)
    const { promise: late, resolve } = Promise.withResolvers<void>()
    t.host.stream = async (argv) => {
      await late
      return stream(argv)
    }
    t.watch.start()
    t.watch.stop()
    resolve()
    await settle()
    expect(t.host.opened).toBe(1)
    expect(t.host.open.size).toBe(0)
    expect(t.readings).toEqual([])
  })
})
