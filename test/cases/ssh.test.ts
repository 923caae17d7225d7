import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { lookupName, verify } from '../../src/hosts/known-hosts.ts'
import { ownSurroundings, resolveTarget } from '../../src/hosts/ssh-config.ts'

/** A file of fixtures/cases. */
const place = (name: string) => fileURLToPath(new URL(`../../fixtures/cases/${name}`, import.meta.url))

const noSsh = spawnSync('ssh', ['-V']).error ? 'ssh is missing' : undefined

describe.skipIf(noSsh)(`ssh_config as people have posted it${noSsh ? ` (${noSsh})` : ''}`, () => {
  it.each([
    ['S01', 'a.example.org', { proxy: { kind: 'jump', hops: ['jump.example.org'] } }],
    ['S01', 'jump.example.org', { proxy: { kind: 'none' } }],
    ['S04', 'c', { address: '127.0.0.2', user: 'root', port: 2201, identitiesOnly: true }],
    ['S05', 'ai-fe02.srv.example.org', { proxy: { kind: 'jump', hops: ['someone@sshgw.example.org'] } }],
    ['S16', 'jumpserver', { user: 'somebody#root#7e95b740-27dc-46fa-b18b-f71dac6e9987', port: 2222 }],
    ['S16', 'dhcp-10', { user: 'root2' }],
    ['S16', 'dhcp-1', { user: ownUser() }],
    ['S17', 'web', { address: '10.0.0.2', proxy: { kind: 'none' } }],
  ])('%s: %s', async (id, name, right) => {
    const configFile = place(`${id}.ssh_config`)
    expect(await resolveTarget({ name, configFile }, ownSurroundings())).toMatchObject(right)
  })
})

function ownUser(): string {
  return spawnSync('id', ['-un'], { encoding: 'utf8' }).stdout.trim()
}

it('K04: an authority that is known without the port counts for another port, and is named', () => {
  const key = Buffer.from('\0\0\0\x0bssh-ed25519', 'latin1')
  const authority = { marker: 'cert-authority' as const, type: 'ssh-ed25519', key, file: 'known', line: 1 }
  const known = [{ ...authority, names: '*.example.com' }]
  const other = Buffer.concat([key, Buffer.from('x')])
  expect(verify(known, lookupName('a.example.com', 2222), other)).toMatchObject({
    state: 'authority',
    at: { line: 1 },
  })
})
