import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { directoryGroups, directoryHasGroup } from '../../src/broker/directory.ts'
import { parse } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'

/** BER of RFC 4511: what a server says to the request with this number. */
const said = {
  bound: (id: number) => Buffer.from([0x30, 12, 2, 1, id, 0x61, 7, 10, 1, 0, 4, 0, 4, 0]),
  /** an entry `o=x` without attributes */
  entry: (id: number) => Buffer.from([0x30, 12, 2, 1, id, 0x64, 7, 4, 3, 0x6f, 0x3d, 0x78, 0x30, 0]),
  done: (id: number, result = 0) => Buffer.from([0x30, 12, 2, 1, id, 0x65, 7, 10, 1, result, 4, 0, 4, 0]),
}

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** A slapd that answers a search so. @returns its URL */
async function slapd(search: (id: number) => readonly Buffer[]): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    // The number of a request is its fifth byte, or behind a longer length.
    socket.on('data', (data) => {
      const at = (data[1] ?? 0) > 0x80 ? 2 + (data[1] ?? 0) - 0x80 : 2
      const id = data[at + 2] ?? 0
      if (data[at + 3] === 0x60) socket.write(said.bound(id))
      if (data[at + 3] === 0x63) for (const part of search(id)) socket.write(part)
    })
  })
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  return `ldap://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

/** A site whose hosts have these; none: a hypervisor. */
const site = (urls: Readonly<Record<string, string>>): Config =>
  parse(
    JSON.stringify({
      hosts: Object.entries(urls).map(([name, url]) => ({
        name,
        local: true,
        ...(url ? { roles: ['directory'], ldap: { url, base: 'dc=example,dc=org' } } : {}),
      })),
    }),
    'vdd.yaml',
  )

const has = (id: number) => [said.entry(id), said.done(id)]
const hasNone = (id: number) => [said.done(id)]
const denies = (id: number) => [said.done(id, 50)]
const hangs = () => []
const anna = { name: 'anna', uid: 2001, groups: ['anna'] }

describe('the directory of a site', () => {
  it('has a group where a server says so, and has none where it says that', async () => {
    expect(await directoryHasGroup(site({ auth1: await slapd(has) }), 'desk')).toEqual({ value: true })
    expect(await directoryHasGroup(site({ auth1: await slapd(hasNone) }), 'desk')).toEqual({ value: false })
  })

  it.each([
    ['hangs', hangs],
    ['denies it', denies],
  ])('is heard by the server that answers, where another %s', async (_what, other) => {
    const all = site({ auth1: await slapd(other), auth2: await slapd(has) })
    expect(await directoryHasGroup(all, 'desk')).toEqual({ value: true })
  })

  it('is not known where none answers, and each says why', async () => {
    const all = site({ auth1: await slapd(denies), auth2: await slapd(denies) })
    const { unknown = '' } = (await directoryGroups(all, anna)) as { readonly unknown?: string }
    expect(unknown).toMatch(/^auth1: LDAP: .*; auth2: LDAP: /)
  })

  it('is not known where there is none, and that is no answer', async () => {
    expect(await directoryGroups(site({ a: '' }), anna)).toEqual({
      unknown: 'no host of the configuration has an "ldap"',
    })
  })
})
