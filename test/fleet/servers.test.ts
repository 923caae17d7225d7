import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ldapOfHost } from '../../src/config/ldap.ts'
import { radius } from '../../src/config/radius.ts'
import { ldapServer, radiusServer } from '../../src/fleet/servers.ts'
import type { Place } from '../../src/hosts/dial.ts'
import { RecordingHost } from '../support/still-fleet.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-servers-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(directory, { recursive: true })
})

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

function config(given: { address?: string } = {}) {
  return { name: 'fe1', roles: ['frontend' as const], local: false, libvirt: 'qemu:///system', ...given }
}

/** BER of RFC 4511: a slapd says that a bind with this number has succeeded, and that it has no StartTLS. */
const bound = (id: number) => Buffer.from([0x30, 12, 2, 1, id, 0x61, 7, 10, 1, 0, 4, 0, 4, 0])
const noTls = (id: number) => Buffer.from([0x30, 12, 2, 1, id, 0x78, 7, 10, 1, 2, 4, 0, 4, 0])
/** RFC 4511, 4.14.1: the name of StartTLS. */
const startTls = '1.3.6.1.4.1.1466.20037'

/** A connection to a slapd that takes every name and knows nothing of TLS; `heard` gets what it is told. */
function slapd(heard: (data: Buffer) => void): Duplex {
  const end = new Duplex({
    read: () => {},
    write: (data: Buffer, _, done) => {
      heard(data)
      const id = data[4] ?? 0
      end.push(data[0] !== 0x30 ? 'what?' : data.includes(startTls) ? noTls(id) : bound(id))
      done()
    },
  })
  end.on('error', () => {})
  return end
}

/** A host through which its slapd is reached. */
class ThroughHost extends RecordingHost {
  readonly places: Place[] = []
  readonly heard: Buffer[] = []
  override async connect(...[place]: readonly unknown[]): Promise<never> {
    this.places.push(place as Place)
    return slapd((data) => this.heard.push(data)) as never
  }
}

describe('a slapd, as configured', () => {
  let host: ThroughHost
  beforeEach(() => {
    host = new ThroughHost('fe1')
  })

  const server = (settings: object, given?: { address?: string }) =>
    ldapServer(host, config(given), ldapOfHost.parse({ throughSsh: true, ...settings }))
  const open = async (...all: Parameters<typeof server>) => {
    const connection = await server(...all).open()
    connection.close()
  }

  it.each<[url: string, place: Place]>([
    ['ldap://ds1.example.org', { host: 'ds1.example.org', port: 389 }],
    ['ldap://ds1.example.org/', { host: 'ds1.example.org', port: 389 }],
    ['ldap://10.0.0.11:1389', { host: '10.0.0.11', port: 1389 }],
    ['ldap://10.0.0.11:1389/', { host: '10.0.0.11', port: 1389 }],
    ['ldap://[fd00::11]', { host: 'fd00::11', port: 389 }],
    ['ldap://[fd00::11]:1389', { host: 'fd00::11', port: 1389 }],
    ['ldapi://', { path: '/var/run/slapd/ldapi' }],
    ['ldapi:///', { path: '/var/run/slapd/ldapi' }],
    ['ldapi:///run/slapd/ldapi', { path: '/run/slapd/ldapi' }],
    ['ldapi://%2frun%2fslapd%2fldapi', { path: '/run/slapd/ldapi' }],
    ['ldapi://%2frun%2fslapd%2fldapi/', { path: '/run/slapd/ldapi' }],
  ])('of %s is reached there', async (url, place) => {
    await open({ url })
    expect(host.places).toEqual([place])
    expect(host.heard[0]?.[0]).toBe(0x30)
  })

  it.each([
    ['ldaps://ds1.example.org', 636],
    ['ldaps://ds1.example.org:1636', 1636],
  ])('of %s is spoken to by TLS from the beginning', async (url, port) => {
    await expect(server({ url }).open()).rejects.toMatchObject({ host: 'fe1' })
    expect(host.places).toEqual([{ host: 'ds1.example.org', port }])
    // RFC 8446, 5.1: a handshake.
    expect(host.heard[0]?.[0]).toBe(0x16)
  })

  it.each<[given: { address?: string }, host: string]>([
    [{}, 'fe1'],
    [{ address: '10.9.0.11' }, '10.9.0.11'],
    [{ address: 'fd00::11' }, 'fd00::11'],
  ])('without a URL is where its host is: %j', async (given, at) => {
    await open({}, given)
    expect(host.places).toEqual([{ host: at, port: 389 }])
  })

  it('is asked for TLS first where that is wanted', async () => {
    await expect(server({ startTls: true }).open()).rejects.toMatchObject({ host: 'fe1' })
    expect(String(host.heard[0])).toContain(startTls)
  })

  it('is told who asks, with the password of the file', async () => {
    await open({ bindDn: 'cn=vdd,dc=x', passwordFile: file('p', 'hush\n') })
    expect(String(host.heard[0])).toMatch(/cn=vdd,dc=x.*hush$/s)
    host.heard.length = 0
    await open({})
    // A name of no letters, and a password of none.
    expect(host.heard[0]?.subarray(-4)).toEqual(Buffer.from([4, 0, 0x80, 0]))
  })

  it('is reached from this machine, if nothing else is said', async () => {
    const heard = Promise.withResolvers<void>()
    const local: Server = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (data) => {
        heard.resolve()
        socket.write(bound(data[4] ?? 0))
      })
    })
    await new Promise<void>((listening) => local.listen(0, '127.0.0.1', listening))
    const address = local.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await open({ url: `ldap://127.0.0.1:${port}`, throughSsh: false })
    await heard.promise
    expect(host.places).toEqual([])
    local.close()
  })

  it('that listens on a socket of its host is always reached through it', async () => {
    await open({ url: 'ldapi:///', throughSsh: false })
    expect(host.places).toHaveLength(1)
  })

  it('is asked what the configuration says', () => {
    expect(server({}).questions).toEqual({})
    expect(server({ base: 'dc=x', check: 'cn=a,dc=x', expect: 'description=a=b' }).questions).toEqual({
      base: 'dc=x',
      entry: 'cn=a,dc=x',
      expect: { attribute: 'description', value: 'a=b' },
    })
  })

  it('with an unusable file is a trouble of its host, until it is mended', async () => {
    const passwordFile = file('p', 'hush\n')
    chmodSync(passwordFile, 0o644)
    const { open } = server({ bindDn: 'cn=vdd,dc=x', passwordFile })
    await expect(open()).rejects.toMatchObject({
      kind: 'refused',
      host: 'fe1',
      reason: `LDAP: ${passwordFile}: others may read it`,
      advice: `chmod 600 ${passwordFile}`,
    })
    expect(host.places).toEqual([])
    chmodSync(passwordFile, 0o600)
    ;(await open()).close()
    expect(String(host.heard[0])).toContain('hush')
  })

  it('names the authorities that it is trusted by, and says if their file is not there', async () => {
    await expect(server({ url: 'ldaps://ds1', caFile: '/not/there' }).open()).rejects.toMatchObject({
      reason: 'LDAP: /not/there: no such file',
    })
    const caFile = file('ca.pem', 'no certificate')
    await expect(server({ url: 'ldaps://ds1', caFile }).open()).rejects.toMatchObject({ host: 'fe1' })
  })
})

describe('a FreeRADIUS, as configured', () => {
  const settings = (given: object, at?: { address?: string }) =>
    radiusServer(config(at), radius.parse({ secretFile: file('s', 'secret\n'), ...given })).settings

  it('is asked at the usual port of its host', () => {
    expect(settings({})()).toEqual({ address: 'fe1', port: 1812, secret: 'secret' })
    expect(settings({}, { address: '10.9.0.11' })()).toMatchObject({ address: '10.9.0.11' })
  })

  it('is asked as all that is said has it', () => {
    const given = {
      address: '10.9.0.12',
      port: 11812,
      statusPort: 18121,
      statusSecretFile: file('t', 'status'),
      user: 'probe',
      passwordFile: file('p', 'pass'),
    }
    expect(settings(given, { address: '10.9.0.11' })()).toEqual({
      address: '10.9.0.12',
      port: 11812,
      secret: 'secret',
      statusPort: 18121,
      statusSecret: 'status',
      login: { user: 'probe', password: 'pass' },
    })
  })

  it('reads its files again after half a minute, and not at each look', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const of = settings({})
    expect(of()).toMatchObject({ secret: 'secret' })
    file('s', 'new')
    vi.advanceTimersByTime(29_999)
    expect(of()).toMatchObject({ secret: 'secret' })
    vi.advanceTimersByTime(1)
    expect(of()).toMatchObject({ secret: 'new' })
  })

  it('with an unusable file is a trouble of its host', () => {
    const of = settings({ secretFile: file('e', '') })
    expect(of).toThrow(expect.objectContaining({ kind: 'refused', host: 'fe1' }))
  })
})
