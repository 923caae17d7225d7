import { describe, expect, it } from 'vitest'
import { tracedLdap, tracedRadius } from '../../src/fleet/traced-servers.ts'
import { HostError, type Trace } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import type { LdapConnection, LdapServer } from '../../src/services/ldap/facts.ts'
import type { RadiusServer } from '../../src/services/radius/watch.ts'

const certifiedUntil = Date.UTC(2027, 0, 1)

/** A slapd with two entries, and what became of its connection. */
function slapd() {
  const done: string[] = []
  let closed = false
  const connection: LdapConnection = {
    get closed() {
      return closed
    },
    certifiedUntil,
    search: async (base, { attributes }) => {
      done.push(`${base}: ${attributes}`)
      return ['a', 'b'].map((dn) => ({ dn, values: new Map() }))
    },
    close: () => {
      closed = true
    },
  }
  const losts: (() => void)[] = []
  const server: LdapServer = {
    questions: { base: 'dc=x' },
    open: async (lost) => {
      if (lost) losts.push(lost)
      return connection
    },
  }
  return { server, done, losts }
}

describe('a slapd that is written about to the diagnostic log', () => {
  it('is told of as ldapsearch would be called, with how it came out', async () => {
    const traces: Trace[] = []
    const { server, done } = slapd()
    const connection = await tracedLdap('fe1', server, (one) => traces.push(one)).open()
    const found = await connection.search('cn=Monitor', { attributes: ['cn', 'entryCSN'] })
    expect(found.map(({ dn }) => dn)).toEqual(['a', 'b'])
    expect(done).toEqual(['cn=Monitor: cn,entryCSN'])
    expect(traces).toMatchObject([
      { host: 'fe1', argv: ['ldap', 'bind'], outcome: 'bound' },
      { host: 'fe1', argv: ['ldap', 'search', 'cn=Monitor', 'cn', 'entryCSN'], outcome: '2 entries' },
    ])
  })

  it('is the same for all else: its questions, its certificate, its end', async () => {
    const { server, losts } = slapd()
    const traced = tracedLdap('fe1', server, () => {})
    const lost = () => {}
    const connection = await traced.open(lost)
    expect(traced.questions).toBe(server.questions)
    expect(losts).toEqual([lost])
    expect(connection.certifiedUntil).toBe(certifiedUntil)
    expect(connection.closed).toBe(false)
    connection.close()
    expect(connection.closed).toBe(true)
  })

  it('is told of also where it refuses', async () => {
    const traces: Trace[] = []
    const open = async () => {
      throw new HostError('refused', 'fe1', say`LDAP: no`)
    }
    const traced = tracedLdap('fe1', { ...slapd().server, open }, (one) => traces.push(one))
    await expect(traced.open()).rejects.toMatchObject({ reason: 'LDAP: no' })
    expect(traces).toMatchObject([{ outcome: 'refused: LDAP: no' }])
  })

  it('is itself where nothing is written', () => {
    const { server } = slapd()
    expect(tracedLdap('fe1', server, undefined)).toBe(server)
  })
})

describe('a FreeRADIUS that is written about to the diagnostic log', () => {
  const to = { address: '10.9.0.11', port: 1812 }
  const settings = () => ({ ...to, secret: 'hush' })
  const signal = new AbortController().signal

  it.each([
    [1, 'access-request', Buffer.from([2, 7]), 'code 2'],
    [4, 'accounting-request', Buffer.from([5]), 'code 5'],
    [12, 'status-server', undefined, 'no answer'],
    [99, 'packet', Buffer.from([3]), 'code 3'],
  ])('tells of code %d as %s, and nothing of the contents', async (code, kind, answer, outcome) => {
    const traces: Trace[] = []
    const given: unknown[] = []
    const wire: RadiusServer['wire'] = async (...all) => {
      given.push(...all)
      return answer
    }
    const traced = tracedRadius('fe1', { wire, settings }, (one) => traces.push(one))
    const isAnswer = () => true
    const packet = Buffer.from([code, 1])
    expect(await traced.wire(to, packet, isAnswer, 500, signal)).toBe(answer)
    expect(given).toEqual([to, packet, isAnswer, 500, signal])
    expect(traced.settings).toBe(settings)
    expect(traces).toMatchObject([{ host: 'fe1', argv: ['radius', kind, '10.9.0.11:1812'], outcome }])
    expect(JSON.stringify(traces)).not.toContain('hush')
  })

  it('is itself where nothing is written', () => {
    const server: RadiusServer = { wire: async () => undefined, settings }
    expect(tracedRadius('fe1', server, undefined)).toBe(server)
  })
})
