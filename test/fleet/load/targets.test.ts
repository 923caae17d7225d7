import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { parse } from '../../../src/config/load.ts'
import { ldapOf, radiusOf } from '../../../src/config/schema.ts'
import { ldapAsker, radiusAsker } from '../../../src/fleet/load/askers.ts'
import { targetOf } from '../../../src/fleet/load/targets.ts'
import type { Member } from '../../../src/fleet/member.ts'
import { openDemo } from '../../../src/fleet/open-demo.ts'
import { clientsOf } from '../../../src/fleet/servers.ts'
import type { ServiceRecord } from '../../../src/fleet/service/record.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { keptWire } from '../../../src/services/radius/kept-wire.ts'
import { codes, encodeResponse, openRequest } from '../../../src/services/radius/packet.ts'
import { FakeServer } from '../../services/radius/server.ts'

const home = mkdtempSync(join(tmpdir(), 'vdd-load-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const secretFile = join(home, 'secret')
writeFileSync(secretFile, 's3cret\n', { mode: 0o600 })

/** The clients of a host of a configuration. */
function clients(hosts: string) {
  const config = parse(`hosts:\n  - ${hosts}\n`, 'vdd.yaml')
  const [host] = config.hosts
  if (!host) throw new Error('no host')
  return clientsOf(host, ldapOf(config, host), radiusOf(config, host))
}

const service = (name: string, ...addresses: string[]): ServiceRecord => ({
  name: label(name),
  balancer: 'lb1',
  scheduler: say`sed`,
  flags: say``,
  reals: addresses.map((address) => ({
    address,
    name: label(address),
    virtual: name,
    real: `${address}:389`,
    balancer: 'lb1',
    duty: 'in service',
    weight: 1,
    active: 0,
    inactive: 0,
  })),
})

/** A fleet with one front end, 10.0.0.11. */
function fleetOf(own: Member['clients']) {
  const frontends = [{ address: '10.0.0.11', name: label('fe1'), host: 'fe1', services: [] }]
  const member = { ...(own ? { clients: own } : {}) } as Member
  return { member: () => member, snapshot: () => ({ frontends }) } as unknown as Parameters<
    typeof targetOf
  >[1]
}

const both = `{name: fe1, roles: [frontend], address: 10.0.0.11, ldap: {base: "dc=x"}, radius: {secretFile: ${secretFile}, port: 11812}}`

describe('what load is put on', () => {
  it.each([
    ['TCP 10.0.0.100:389', 'LDAP'],
    ['TCP [fd00::100]:636', 'LDAP'],
    ['UDP 10.0.0.100:1812', 'RADIUS'],
    ['UDP 10.0.0.100:11812', 'RADIUS'],
    ['TCP 10.0.0.100:80', /: neither LDAP nor the authentication of RADIUS$/],
    ['UDP 10.0.0.100:1813', /: neither LDAP/],
    ['UDP 10.0.0.100:389', /: neither LDAP/],
    ['FWM 7', /^FWM 7 has no address/],
    ['TCP example.org:389', /has no address/],
  ])('is a virtual service of the balancers: %s', (name, wanted) => {
    const target = targetOf(service(name, '10.0.0.11'), fleetOf(clients(both)))
    if (typeof wanted === 'string') expect(target).toMatchObject({ speaks: wanted })
    else expect(target).toMatch(wanted)
  })

  it('is nothing behind which no host of the configuration is, since nobody knows an account for it', () => {
    const fleet = fleetOf(clients(both))
    expect(targetOf(service('TCP 10.0.0.100:389', '10.0.0.99'), fleet)).toMatch(
      /no host of the configuration/,
    )
  })

  it('sends no password over the network for all to read', async () => {
    const told = `{name: fe1, roles: [frontend], address: 10.0.0.11, ldap: {base: "dc=x", bindDn: "cn=x", passwordFile: ${secretFile}, throughSsh: true}}`
    const target = targetOf(service('TCP 10.0.0.100:389', '10.0.0.11'), fleetOf(clients(told)))
    if (typeof target === 'string') throw new Error(target)
    await expect(target.asker().ask()).rejects.toThrow(/for all to read/)
  })

  it('is all of the demo, which answers', async () => {
    const fleet = openDemo({}, {})
    fleet.start()
    try {
      const services = await fleet.until(
        ({ services }) => (services.length > 1 ? services : undefined),
        AbortSignal.timeout(10_000),
      )
      for (const one of services) {
        const target = targetOf(one, fleet)
        if (typeof target === 'string') throw new Error(target)
        const asker = target.asker()
        await asker.ask()
        asker.close()
      }
    } finally {
      await fleet.stop()
    }
  })
})

describe('one who asks LDAP', () => {
  let server: Server | undefined
  const sockets = new Set<Socket>()
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    server?.close()
    server = undefined
  })
  /** A server that answers with these bytes; they hold the number of the request at their fifth place. */
  async function listening(answer: (data: Buffer) => Buffer | undefined) {
    const made = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', (data) => {
        const said = answer(data)
        if (said) socket.write(said)
      })
    })
    server = made
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
    return (made.address() as { port: number }).port
  }
  const asking = (port: number, rest = '') => {
    const ldap = clients(`{name: fe1, roles: [frontend], ldap: {base: "dc=x"${rest}}}`).ldap
    if (!ldap) throw new Error('no LDAP')
    return ldapAsker('fe1', ldap({ address: '127.0.0.1', port }))
  }
  /** BindResponse with a result (RFC 4511, 4.2.2). */
  const bound = (data: Buffer, result: number) =>
    Buffer.from([0x30, 12, 2, 1, data[4] ?? 0, 0x61, 7, 10, 1, result, 4, 0, 4, 0])

  it('says that nobody listens, that nobody answers, and that the password is wrong', async () => {
    const port = await listening(() => undefined)
    await expect(asking(port).ask()).rejects.toThrow(/LDAP: no answer in 3 s/)
    server?.close()
    await expect(asking(1).ask()).rejects.toThrow(/LDAP: connection refused/)
    const other = await listening((data) => bound(data, 49))
    const account = `, bindDn: "cn=x", passwordFile: ${secretFile}, insecure: true`
    await expect(asking(other, account).ask()).rejects.toThrow(/LDAP: wrong password, or no such account/)
  })

  it('closes what it has opened when it is over, also what opens later', async () => {
    const port = await listening((data) => bound(data, 0))
    const asker = asking(port)
    const asked = asker.ask()
    asker.close()
    await expect(asked).rejects.toThrow(/ended/)
  })
})

describe('one who asks RADIUS', () => {
  let server: FakeServer | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })
  const asking = (port: number, account = `, user: probe, passwordFile: ${secretFile}`) => {
    const { radius } = clients(
      `{name: fe1, roles: [frontend], radius: {secretFile: ${secretFile}${account}}}`,
    )
    if (!radius) throw new Error('no RADIUS')
    return radiusAsker('fe1', radius({ address: '127.0.0.1', port }), keptWire)
  }

  it('logs in again and again from one port, and says why it is not let in', async () => {
    const ports = new Set<number>()
    let code: number = codes.accessAccept
    server = await FakeServer.open((request, reply, from) => {
      ports.add(from)
      expect(openRequest(request, 's3cret').code).toBe(codes.accessRequest)
      reply(encodeResponse(request, 's3cret', code))
    })
    const asker = asking(server.at.port)
    await asker.ask()
    await asker.ask()
    expect(ports.size).toBe(1)
    code = codes.accessReject
    await expect(asker.ask()).rejects.toThrow(/rejects the test account/)
    asker.close()
  })

  it('says that nobody listens, and sends nothing twice where nobody answers', async () => {
    server = await FakeServer.open(() => {})
    const { port } = server.at
    const asker = asking(port, '')
    await expect(asker.ask()).rejects.toThrow(/no answer in 1 s/)
    expect(server.requests).toHaveLength(1)
    await server.close()
    server = undefined
    await expect(asker.ask()).rejects.toThrow(new RegExp(`nothing listens on port ${port}`))
    asker.close()
  })
})
