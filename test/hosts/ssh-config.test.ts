import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseHop, resolveTarget } from '../../src/hosts/ssh-config.ts'
import type { SshSettings } from '../../src/hosts/ssh-settings.ts'

describe('resolveTarget without ssh', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'vdd-config-'))
    mkdirSync(join(home, '.ssh'))
  })
  afterEach(() => rmSync(home, { recursive: true }))

  const write = (text: string, name = '.ssh/config') => writeFileSync(join(home, name), text)
  const resolve = (settings: Partial<SshSettings> = {}, env: Record<string, string> = {}) =>
    resolveTarget({ name: 'fe1', ...settings }, { home, env, ssh: false })

  it('has OpenSSH’s defaults when nothing is said', async () => {
    expect(await resolve({}, { SSH_AUTH_SOCK: '/run/agent' })).toMatchObject({
      address: 'fe1',
      port: 22,
      user: userInfo().username,
      identityFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => `${home}/.ssh/${name}`),
      identitiesConfigured: false,
      identitiesOnly: false,
      agent: '/run/agent',
      proxy: { kind: 'none' },
    })
  })

  it('reads the section of the host, the first value winning, whatever the case', async () => {
    write(
      'host fe1\n hostname 10.0.0.1\n PORT=2222\n user ops\n ConnectTimeout 3\n ServerAliveInterval 1m\n ServerAliveCountMax 5\n HostKeyAlias cluster-fe\nHost *\n User nobody\n Port 1\n',
    )
    expect(await resolve()).toMatchObject({
      address: '10.0.0.1',
      port: 2222,
      user: 'ops',
      connectTimeout: 3000,
      keepaliveInterval: 60_000,
      keepaliveCount: 5,
      hostKeyAlias: 'cluster-fe',
    })
  })

  it('lets vdd’s own settings win', async () => {
    write(
      'Host *\n HostName wrong\n Port 1\n User wrong\n IdentityFile wrong\n ProxyJump wrong\n UserKnownHostsFile wrong\n',
    )
    const own = {
      address: 'right',
      port: 2,
      user: 'me',
      identityFile: '~/key',
      proxyJump: 'none',
      knownHosts: ['~/known'],
    }
    expect(await resolve(own)).toMatchObject({
      address: 'right',
      port: 2,
      user: 'me',
      identityFiles: [`${home}/key`],
      proxy: { kind: 'none' },
      knownHostsFiles: [`${home}/known`],
    })
  })

  it('fills in tokens, variables and the home directory', async () => {
    write(
      'Host fe1\n HostName %h.lab\n User ops\n IdentityFile ~/.ssh/%r@%h\n IdentityFile %d/%n_%p_%%\n IdentityFile "$\u007bKEYS}/a b"\n UserKnownHostsFile ~/known-%k /other\n GlobalKnownHostsFile none\n IdentityAgent $AGENT\n IdentitiesOnly yes\n',
    )
    expect(await resolve({}, { KEYS: '/keys', AGENT: '/run/a' })).toMatchObject({
      identityFiles: [`${home}/.ssh/ops@fe1.lab`, `${home}/fe1_22_%`, '/keys/a b'],
      knownHostsFiles: [`${home}/known-fe1`, '/other'],
      agent: '/run/a',
      identitiesOnly: true,
    })
  })

  it('knows IdentityAgent none', async () => {
    write('IdentityAgent none\n')
    expect((await resolve({}, { SSH_AUTH_SOCK: '/run/agent' })).agent).toBeUndefined()
  })

  it('takes whichever of ProxyJump and ProxyCommand comes first', async () => {
    write('Host fe1\n ProxyCommand ssh -W "[%h]:%p"   bastion | cat # %r\n ProxyJump a\n')
    expect((await resolve({ user: 'ops' })).proxy).toEqual({
      kind: 'command',
      command: 'ssh -W "[fe1]:22"   bastion | cat # ops',
    })
    write('Host fe1\n ProxyJump a,me@b:2222\n ProxyCommand nc\n')
    expect((await resolve()).proxy).toEqual({ kind: 'jump', hops: ['a', 'me@b:2222'] })
  })

  it('does not send a bastion through itself', async () => {
    write('Host *\n ProxyJump bastion\n')
    expect((await resolve({ name: 'bastion' })).proxy).toEqual({ kind: 'none' })
  })

  it('refuses shell text in a name that goes into a ProxyCommand', async () => {
    write('ProxyCommand nc %h %p\n')
    await expect(resolve({ address: '$(reboot)' })).rejects.toThrow(/cannot stand in a ProxyCommand/)
    await expect(resolve({ user: '-oProxy' })).rejects.toThrow(/cannot stand in a ProxyCommand/)
  })

  it('follows Include and comes back to the section it stood in', async () => {
    mkdirSync(join(home, '.ssh/conf.d'))
    write('Host fe1\n Port 1111\nHost fe2\n Port 2222\n', '.ssh/conf.d/a.conf')
    write('Host *\n User from-b\n', '.ssh/conf.d/b.conf')
    write('User wrong\n', '.ssh/conf.d/c.txt')
    write('Host fe1\n Include conf.d/*.conf\n HostName 10.0.0.1\n')
    expect(await resolve()).toMatchObject({ port: 1111, user: 'from-b', address: '10.0.0.1' })
    write('Include config\n')
    await expect(resolve()).rejects.toThrow(/too many levels/)
  })

  it('runs nothing: Match exec does not match, CanonicalizeHostname is not followed', async () => {
    write(
      `Match exec "touch ${home}/ran"\n User wrong\nMatch host fe1\n Port 3333\nHost *\n CanonicalizeHostname yes\n`,
    )
    expect(await resolve({ user: 'me' })).toMatchObject({ port: 3333, user: 'me' })
    await expect(import('node:fs/promises').then((fs) => fs.access(`${home}/ran`))).rejects.toThrow()
  })

  it('is an error when a configured file is missing or has no sense', async () => {
    await expect(resolve({ configFile: '~/absent' })).rejects.toMatchObject({
      kind: 'unreachable',
      host: 'fe1',
    })
    write('Host fe1\n Port many\n')
    await expect(resolve()).rejects.toThrow(/Port many/)
    write('Host "fe1\n')
    await expect(resolve()).rejects.toThrow(/ssh configuration/)
  })
})

describe('parseHop', () => {
  it.each([
    ['b', { name: 'b' }],
    ['me@b:22', { name: 'b', user: 'me', port: 22 }],
    ['ssh://me@b:22/', { name: 'b', user: 'me', port: 22 }],
    ['[fe80::1]:22', { name: 'fe80::1', port: 22 }],
    ['a@dom@b', { name: 'b', user: 'a@dom' }],
    ['', undefined],
    ['b:x', undefined],
  ])('reads %j', (text, hop) => {
    expect(parseHop(text)).toEqual(hop)
  })
})
