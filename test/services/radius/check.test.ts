import { expect, it } from 'vitest'
import { Checks } from '../../../src/hosts/check.ts'
import { checkRadius } from '../../../src/services/radius/check.ts'
import type { RadiusSettings } from '../../../src/services/radius/facts.ts'
import { codes, decode, encodeResponse } from '../../../src/services/radius/packet.ts'
import type { RadiusWire } from '../../../src/services/radius/wire.ts'
import { ScriptedHost } from '../support/scripted-host.ts'
import { recorded, secret } from './recorded.ts'
import { wireOf } from './server.ts'

const settings: RadiusSettings = {
  address: '192.0.2.1',
  port: 1812,
  secret,
  statusPort: 18121,
  login: { user: 'probe', password: 'open sesame' },
}

/** Answers everything, with statistics; a login with this code. */
const answering = (login: number) =>
  wireOf((request) => {
    const isLogin = decode(request).code === codes.accessRequest
    const { attributes } = decode(recorded('statistics').answer)
    return [encodeResponse(request, secret, isLogin ? login : codes.accessAccept, isLogin ? [] : attributes)]
  })

async function check(wire: RadiusWire, asked: RadiusSettings = settings) {
  const checks = new Checks(new ScriptedHost({ virsh: () => '' }))
  await checkRadius(checks, { wire, settings: () => asked })
  return checks.done
}

it('a server that works passes each check', async () => {
  expect(await check(answering(codes.accessAccept))).toEqual([
    { what: 'RADIUS: answers', ok: true, found: expect.stringMatching(/^in \d+ ms$/) },
    { what: 'RADIUS: statistics', ok: true, found: '9 requests' },
    { what: 'RADIUS: login of the test account', ok: true, found: expect.stringMatching(/^in \d+ ms$/) },
  ])
})

it('a server that rejects the test account does not', async () => {
  expect((await check(answering(codes.accessReject))).at(-1)).toEqual({
    what: 'RADIUS: login of the test account',
    ok: false,
    found: 'rejects the test account: is the LDAP behind it there?',
  })
})

it('statistics may be missing', async () => {
  const bare = wireOf((request) => [encodeResponse(request, secret, codes.accessAccept)])
  expect((await check(bare))[1]).toEqual({
    what: 'RADIUS: statistics',
    ok: false,
    found: 'port 18121 answers without statistics',
    mend: 'is it the port of a "type = status" listener?',
    optional: true,
  })
})

it('a server that does not answer is asked no more', async () => {
  expect(await check(wireOf(() => []))).toEqual([
    expect.objectContaining({ what: 'RADIUS: answers', ok: false, found: 'no answer in 1 s' }),
  ])
})

it('what is not configured is not checked', async () => {
  const { statusPort: _, login: __, ...least } = settings
  expect(await check(answering(codes.accessAccept), least)).toHaveLength(1)
})
