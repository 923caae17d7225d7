import { once } from 'node:events'
import { Duplex, duplexPair, PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Broker } from '../../src/broker/broker.ts'
import type { BrokerOptions } from '../../src/broker/options.ts'
import type { Person } from '../../src/broker/person.ts'
import { serve } from '../../src/broker/serve.ts'
import type { Place } from '../../src/hosts/dial.ts'
import { type Host, HostError } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import { Several } from '../../src/hosts/several.ts'
import { introduced } from '../support/spice.ts'
import { anna, answer, bruno, Office } from './support/broker.ts'
import { systemOf } from './support/systems.ts'

let office: Office
beforeEach(() => {
  office = new Office()
})
afterEach(() => office.close())

const never = new AbortController().signal
const windows = systemOf('windows', ['windows-01', 'windows-02'], { shows: 'screen' })
const debian = systemOf('debian', ['debian-kde-01'])
const secret = systemOf('secret', ['windows-03'], { shows: 'screen', groups: ['teachers'] })
const vnc = `<graphics type='vnc' port='5901' listen='127.0.0.1'/>`
const request = { n: 5, ask: 'screen', system: 'windows', machine: 'windows-01' }

/** A hypervisor whose guests have this device; `far` is where the bytes of a screen come out. */
class Hypervisor {
  readonly reached: string[] = []
  readonly places: Place[] = []
  device: string
  far: Duplex | undefined
  closed = 0

  constructor(device = vnc) {
    this.device = device
  }

  readonly reach: NonNullable<BrokerOptions['reach']> = async (name) => {
    this.reached.push(name)
    const host: Pick<Host, 'name' | 'run' | 'connect' | 'close'> = {
      name,
      run: async () => ({
        code: 0,
        stdout: `<domain><devices>${this.device}</devices></domain>`,
        stderr: '',
      }),
      connect: async (place) => {
        this.places.push(place)
        const [near, far] = duplexPair()
        this.far = far
        return near
      },
      close: async () => {
        this.closed++
      },
    }
    return { host: host as Host, uri: 'qemu:///system' }
  }
}

/** Somebody's broker at work: what it says as text, and how its input is fed. */
function atWork(hypervisor: Hypervisor, person: Person = anna, given: Partial<BrokerOptions> = {}) {
  const broker: Broker = office.broker(person, [windows, debian, secret], {
    reach: hypervisor.reach,
    ...given,
  })
  const [input, output] = [new PassThrough(), new PassThrough()]
  let said = ''
  output.setEncoding('latin1').on('data', (text) => {
    said += text
  })
  const ended = serve(broker, input, output, never)
  return { broker, input, output, ended, said: () => said }
}

describe('the screen of a machine', () => {
  it('is relayed to whom the machine was given, by a connection of its own, until either side ends', async () => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor()
    const { input, ended, said } = atWork(hypervisor)
    // What is sent behind the request, in whatever form, is for the screen.
    input.write(`${JSON.stringify(request)}\n{"n":6,"ask":"systems"}\n\u00ff`, 'latin1')
    await expect.poll(said, { timeout: 60_000 }).toBe('{"n":5,"last":true,"screen":"vnc"}\n')
    const far = hypervisor.far as Duplex
    far.write('RFB 003.008\n')
    await expect.poll(said).toMatch(/RFB 003.008\n$/)
    let heard = ''
    far.setEncoding('latin1').on('data', (text) => {
      heard += text
    })
    input.write('more')
    await expect.poll(() => heard).toBe('{"n":6,"ask":"systems"}\n\u00ffmore')
    expect(hypervisor).toMatchObject({ places: [{ host: '127.0.0.1', port: 5901 }], closed: 0 })
    expect(hypervisor.reached).toHaveLength(1)
    far.end()
    await ended
    expect(hypervisor.closed).toBe(1)
    expect(office.told(anna).map(({ text }) => text)).toEqual(['windows: looks at the screen of windows-01'])
    expect(said().split('\n')).toHaveLength(3)
  })

  it('ends with the person who looked', async () => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor()
    const { input, ended, said } = atWork(hypervisor)
    input.write(`${JSON.stringify(request)}\n`)
    await expect.poll(said, { timeout: 60_000 }).toMatch(/screen/)
    input.end()
    await ended
    expect(hypervisor.closed).toBe(1)
  })

  it.each([
    ['spice', 'vnc', ['spice']],
    ['vnc', 'spice', ['spice', 'vnc']],
    ['spice', 'vnc', []],
    ['vnc', undefined, ['spice']],
  ] as const)('that has %s and %s is had by what there is a viewer for: %j', async (one, other, speaks) => {
    office.give('windows-01', anna)
    const device = (type: string, port: number) =>
      `<graphics type='${type}' port='${port}' listen='127.0.0.1'/>`
    const hypervisor = new Hypervisor(device(one, 5901) + (other ? device(other, 5902) : ''))
    const { input, ended, said } = atWork(hypervisor)
    input.write(`${JSON.stringify({ ...request, speaks })}\n`)
    const chosen = [one, other].find((type) => type && (speaks as readonly string[]).includes(type)) ?? one
    await expect.poll(said, { timeout: 60_000 }).toContain(`"screen":"${chosen}"`)
    expect(hypervisor.places).toEqual([{ host: '127.0.0.1', port: chosen === one ? 5901 : 5902 }])
    input.end()
    await ended
  })

  it('that is told by SPICE is relayed with all its connections, each to that machine, and with its password', async () => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor(`<graphics type='spice' port='5901' passwd='geheim'/>`)
    const broker = office.broker(anna, [windows], { reach: hypervisor.reach })
    const [input, output] = [new PassThrough(), new PassThrough()]
    const ended = serve(broker, input, output, never)
    input.write(`${JSON.stringify({ ...request, speaks: ['spice'] })}\n`)
    const [reply] = await once(output, 'data')
    output.pause()
    expect(JSON.parse(String(reply))).toEqual({ n: 5, last: true, screen: 'spice' })
    const several = new Several(output, input)
    onTestFinished(() => several.end())
    expect(await introduced(several.open(), hypervisor.far as Duplex)).toBe('geheim\0')
    const inputs = several.open()
    await expect.poll(() => hypervisor.places.length).toBe(2)
    expect(await introduced(inputs, hypervisor.far as Duplex)).toBe('geheim\0')
    // It went elsewhere: what has its port now is another machine's.
    hypervisor.device = vnc
    const late = several.open().resume()
    await expect.poll(() => late.destroyed).toBe(true)
    input.end()
    await ended
    expect(hypervisor.closed).toBe(1)
  })

  it('that the machine itself shows by RDP is relayed by its hypervisor, with the certificate that it has to show', async () => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor()
    const certificate = Array(32).fill('ab').join(':')
    const rdp = systemOf('windows', [{ name: 'windows-01', address: '10.0.0.7', certificate }], {
      shows: 'rdp',
    })
    const broker = office.broker(anna, [rdp], { reach: hypervisor.reach })
    const [input, output] = [new PassThrough(), new PassThrough()]
    const ended = serve(broker, input, output, never)
    input.write(`${JSON.stringify({ n: 4, ask: 'systems' })}\n${JSON.stringify(request)}\n`)
    const said: string[] = []
    output.on('data', (piece) => said.push(...String(piece).trim().split('\n')))
    await expect.poll(() => said.length).toBe(2)
    // To the desk it is a screen like any other.
    expect(JSON.parse(said[0] ?? '').systems).toMatchObject([{ name: 'windows', shows: 'screen' }])
    expect(JSON.parse(said[1] ?? '')).toEqual({ n: 5, last: true, screen: 'rdp', certificate })
    expect(hypervisor.places).toEqual([{ host: '10.0.0.7', port: 3389 }])
    hypervisor.far?.write('hello')
    await expect.poll(() => said.at(-1)).toBe('hello')
    input.end()
    await ended
    expect(hypervisor.closed).toBe(1)
  })

  it('by RDP is waited for until the server is there, and given then', async () => {
    const hypervisor = new Hypervisor()
    let attempts = 0
    const booting: BrokerOptions['reach'] = async (name) => {
      const { host, uri } = await hypervisor.reach(name)
      const connect: Host['connect'] = async (place, signal) => {
        if (++attempts < 3) throw new HostError('refused', name, say`sshd does not connect any further`)
        return await host.connect(place, signal)
      }
      return { host: { ...host, connect } as Host, uri }
    }
    const rdp = systemOf('windows', [{ name: 'windows-01', port: 3390 }], { shows: 'rdp' })
    const broker = office.broker(anna, [rdp], { reach: booting })
    expect(await answer(broker, { n: 1, ask: 'machine', system: 'windows' })).toMatchObject({
      machine: { name: 'windows-01' },
    })
    expect([attempts, hypervisor.places, hypervisor.closed]).toEqual([
      3,
      [{ host: 'windows-01', port: 3390 }],
      1,
    ])
  })

  it.each([
    ['was not given to them', undefined, request, 'not-for-you'],
    ['was given to somebody else', bruno, request, 'not-for-you'],
    ['is in another system', anna, { ...request, system: 'debian' }, 'not-for-you'],
    ['is of another system', anna, { ...request, machine: 'debian-kde-01' }, 'not-for-you'],
    ['is in no system', anna, { ...request, machine: 'windows-09' }, 'not-for-you'],
    [
      'is in a system for others',
      anna,
      { ...request, system: 'secret', machine: 'windows-03' },
      'not-for-you',
    ],
    ['is told with a host', anna, { ...request, host: 'hv1' }, 'malformed'],
    ['is told with a port', anna, { ...request, port: 5900 }, 'malformed'],
    ['is none', anna, { ...request, machine: '' }, 'malformed'],
    ['moves a cursor', anna, { ...request, machine: 'a\u001b[2J' }, 'malformed'],
  ] as const)('is refused where the machine %s', async (_what, given, wanted, no) => {
    if (given) for (const name of [request.machine, 'windows-03', 'debian-kde-01']) office.give(name, given)
    const hypervisor = new Hypervisor()
    const { broker } = atWork(hypervisor, anna, { fleet: () => Promise.reject(new Error('asked')) })
    expect(await answer(broker, wanted)).toMatchObject({ n: 5, last: true, no })
    expect(hypervisor.reached).toEqual([])
  })

  it('is refused in a system that shows sessions', async () => {
    office.give('debian-kde-01', anna)
    const { broker } = atWork(new Hypervisor())
    const wanted = { ...request, system: 'debian', machine: 'debian-kde-01' }
    expect(await answer(broker, wanted)).toMatchObject({ no: 'not-for-you' })
  })

  it.each([
    ['has none', ''],
    ['has it with TLS only', `<graphics type='spice' port='-1' tlsPort='5901' listen='127.0.0.1'/>`],
    ['has it without a port', `<graphics type='vnc' port='-1' autoport='yes'/>`],
    ['hands it out by a descriptor only', `<graphics type='vnc'><listen type='none'/></graphics>`],
  ])('is told to be none where the machine %s', async (_what, device) => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor(device)
    expect(await answer(atWork(hypervisor).broker, request)).toMatchObject({ no: 'no-screen' })
    expect(hypervisor).toMatchObject({ places: [], closed: 1 })
  })

  it('is told to be none where the machine is off', async () => {
    const exam = systemOf('exam', ['exam-01'], { shows: 'screen' })
    office.give('exam-01', anna)
    const hypervisor = new Hypervisor()
    const broker = office.broker(anna, [exam], { reach: hypervisor.reach })
    const wanted = { ...request, system: 'exam', machine: 'exam-01' }
    expect(await answer(broker, wanted)).toMatchObject({ no: 'no-screen' })
    expect(hypervisor.reached).toEqual([])
  })

  it('is out of reach where the host refuses the way', async () => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor()
    const shut: BrokerOptions['reach'] = async (name) => {
      const { host, uri } = await hypervisor.reach(name)
      const refused = new HostError('refused', name, say`sshd does not connect any further`)
      return { host: { ...host, connect: () => Promise.reject(refused) } as Host, uri }
    }
    expect(await answer(atWork(hypervisor, anna, { reach: shut }).broker, request)).toMatchObject({
      no: 'unreachable',
    })
    expect(hypervisor.closed).toBe(1)
    expect(office.told(anna)[0]?.text).toMatch(/sshd does not connect any further/)
  })

  it('is taken away from whom the machine is not kept for any longer', async () => {
    const { openScreen } = await import('../../src/broker/screen.ts')
    const hypervisor = new Hypervisor()
    let mayLook = true
    const record = { rawName: 'windows-01', uuid: 'u' }
    const screen = await openScreen(await hypervisor.reach('hv1'), record, ['vnc'], () => mayLook, never, 5)
    expect(screen.over.aborted).toBe(false)
    mayLook = false
    await expect.poll(() => screen.over.aborted).toBe(true)
    await screen.close()
  })

  it('is taken away before somebody else can be given the machine, and when nobody can tell whose it is', async () => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor()
    const { input, ended, said } = atWork(hypervisor)
    input.write(`${JSON.stringify(request)}\n`)
    await expect.poll(said, { timeout: 60_000 }).toMatch(/screen/)
    const began = performance.now()
    office.give('windows-01', anna, Date.now() - 3_600_000)
    await ended
    expect(performance.now() - began).toBeLessThan(10_000)

    const { openScreen } = await import('../../src/broker/screen.ts')
    const unknown = () => {
      throw new Error('database is locked')
    }
    const record = { rawName: 'windows-01', uuid: 'u' }
    const screen = await openScreen(await hypervisor.reach('hv1'), record, ['vnc'], unknown, never)
    expect(screen.over.aborted).toBe(true)
    await screen.close()
  })

  it('is taken away also from whoever reads nothing of it', async () => {
    const { relay } = await import('../../src/broker/serve.ts')
    // As a channel of ssh, which is not closed before all is read that it has.
    const full = new Duplex({
      read: () => void full.push(Buffer.alloc(65_536)),
      write: (_piece, _encoding, done) => done(),
      destroy: () => {},
    })
    const [input, output] = [new PassThrough(), new PassThrough()]
    const over = new AbortController()
    const ended = relay(input, output, full, over.signal)
    await expect.poll(() => output.writableNeedDrain).toBe(true)
    over.abort()
    await ended
    expect(full.destroyed).toBe(true)
  })

  it('is not that of another machine which got its port in the moment before', async () => {
    office.give('windows-01', anna)
    const hypervisor = new Hypervisor()
    const meanwhile: BrokerOptions['reach'] = async (name) => {
      const { host, uri } = await hypervisor.reach(name)
      const connect: Host['connect'] = async (place, signal) => {
        hypervisor.device = vnc.replace('5901', '5902')
        return await host.connect(place, signal)
      }
      return { host: { ...host, connect } as Host, uri }
    }
    expect(await answer(atWork(hypervisor, anna, { reach: meanwhile }).broker, request)).toMatchObject({
      no: 'unreachable',
    })
    expect(hypervisor.closed).toBe(1)
    expect(office.told(anna)[0]?.text).toMatch(/went elsewhere meanwhile/)
  })
})

it('a machine of a system that shows screens is given as soon as it runs', async () => {
  const { broker } = atWork(new Hypervisor(), anna, {
    sshd: () => Promise.reject(new Error('an sshd was waited for')),
  })
  expect(await answer(broker, { n: 1, ask: 'machine', system: 'windows' })).toMatchObject({
    machine: { name: 'windows-01' },
  })
  expect((await answer(broker, { n: 2, ask: 'systems' })).systems).toContainEqual(
    expect.objectContaining({ name: 'windows', shows: 'screen' }),
  )
})
