import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownSurroundings, resolveTarget, type SshTarget } from '../../src/hosts/ssh-config.ts'
import type { SshSettings } from '../../src/hosts/ssh-settings.ts'

const noSsh = spawnSync('ssh', ['-V']).error ? 'ssh is missing: install openssh-client' : undefined
const me = userInfo().username

/** A configuration, the host asked for, and what ssh makes of it: what people posted, names replaced. */
const cases: readonly [kind: string, text: string, name: string, expected: Partial<SshTarget>][] = [
  [
    'a Match of several criteria on one line (S01)',
    'Match host *.example.org !host jump.example.org\n    ProxyJump jump.example.org\n',
    'a.example.org',
    { proxy: { kind: 'jump', hops: ['jump.example.org'] } },
  ],
  [
    'and the host that it leaves out (S01)',
    'Match host *.example.org !host jump.example.org\n    ProxyJump jump.example.org\n',
    'jump.example.org',
    { proxy: { kind: 'none' } },
  ],
  [
    'Match final against the HostName, and keywords in any case (S04)',
    'Match final host 127.0.0.2\n    User root\n    UserKnownHostsFile /dev/null\n    IdentityFile /src/machine/identity\n    IdentitiesOnly yes\nHost c\n    Hostname 127.0.0.2\n    Port 2201\n',
    'c',
    { address: '127.0.0.2', port: 2201, identityFiles: ['/src/machine/identity'], identitiesOnly: true },
  ],
  [
    'tokens in ProxyJump (S05)',
    'Host ai-fe02.srv.example.org\n     User someone\n     ProxyJump %r@sshgw.example.org\n',
    'ai-fe02.srv.example.org',
    { user: 'someone', proxy: { kind: 'jump', hops: ['someone@sshgw.example.org'] } },
  ],
  [
    'a # that is part of a word (S16)',
    'Host jumpserver\n  User somebody#root#7e95b740-27dc\n  Port 2222\n',
    'jumpserver',
    { user: 'somebody#root#7e95b740-27dc', port: 2222 },
  ],
  [
    '? for exactly one character (S16)',
    'Host dhcp-??\n  UserKnownHostsFile /dev/null\n  User root2\n',
    'dhcp-1',
    { user: me },
  ],
  [
    'Match !canonical (S17)',
    'Host web\n  HostName 10.0.0.2\nMatch !canonical user alice\n\tProxyJump gateway.example.com\n',
    'web',
    { address: '10.0.0.2', proxy: { kind: 'none' } },
  ],
  [
    'Match against the HostName, and not the name',
    'Host web1\n HostName 10.1.2.3\nMatch host 10.1.*\n ProxyJump bastion\n User ops\n',
    'web1',
    { address: '10.1.2.3', user: 'ops', proxy: { kind: 'jump', hops: ['bastion'] } },
  ],
  [
    'Match originalhost against the name',
    'Host web1\n HostName 10.1.2.3\nMatch originalhost web*\n User ops\n',
    'web1',
    { address: '10.1.2.3', user: 'ops' },
  ],
  [
    'a comma in a Host line as part of the pattern',
    'Host web1,web2\n HostName 10.66.66.66\n',
    'web2',
    { address: 'web2' },
  ],
  [
    'several patterns and a negated one in a Host line',
    'Host *.lab !bad.lab web?\n User ops\n',
    'bad.lab',
    { user: me },
  ],
  ['a pattern that is not the first', 'Host *.lab !bad.lab web?\n User ops\n', 'web7', { user: 'ops' }],
  [
    'Match exec by its exit status, negated too',
    'Match exec "test %n = web1"\n Port 2222\nMatch !exec "true"\n HostName 10.66.66.66\n',
    'web1',
    { port: 2222, address: 'web1' },
  ],
  [
    'Match localuser and user',
    `Match localuser nobody-of-that-name\n Port 5\nMatch localuser ${me}\n User ops\nMatch user ops\n Port 2022\n`,
    'web1',
    { user: 'ops', port: 2022 },
  ],
  [
    'quotation marks, tabs, equals signs and carriage returns',
    'Host "web1"\r\n\tHostName=10.0.0.1\r\n\tUser\t=\t"ops"\r\n  iDENTITYfile = "/keys/with blank"\r\n',
    'web1',
    { address: '10.0.0.1', user: 'ops', identityFiles: ['/keys/with blank'] },
  ],
  [
    'CanonicalizeHostname with a domain list that leaves the name alone',
    'CanonicalizeHostname yes\nCanonicalizeMaxDots 0\nCanonicalDomains invalid\nHost 10.0.0.9\n User ops\n',
    '10.0.0.9',
    { address: '10.0.0.9', user: 'ops' },
  ],
  [
    'tokens in files',
    'Host fe1\n HostName %h.lab\n User ops\n IdentityFile /k/%r@%h\n IdentityFile /k/%n_%p_%%\n UserKnownHostsFile "/known of/%k" /other\n GlobalKnownHostsFile none\n HostKeyAlias FE\n',
    'fe1',
    {
      identityFiles: ['/k/ops@fe1.lab', '/k/fe1_22_%'],
      knownHostsFiles: ['/known of/fe', '/other'],
      hostKeyAlias: 'fe',
    },
  ],
  [
    'whichever of ProxyCommand and ProxyJump comes first, with its blanks',
    'Host fe1\n ProxyCommand nc  -x "[%h]:%p"   bastion # %r\n User ops\n ProxyJump a\n',
    'fe1',
    { proxy: { kind: 'command', command: 'nc  -x "[fe1]:22"   bastion # ops' } },
  ],
]

describe.skipIf(noSsh)(`what ssh makes of its configuration${noSsh ? ` (${noSsh})` : ''}`, () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-openssh-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const write = (text: string, name = 'config') => {
    const file = join(directory, name)
    writeFileSync(file, text)
    return file
  }
  const resolve = (settings: Partial<SshSettings>, around = {}) =>
    resolveTarget(
      { name: 'fe1', configFile: join(directory, 'config'), ...settings },
      { ...ownSurroundings(), ...around },
    )
  /** A program in the place of ssh that notes each call. */
  const stub = (body: string) => {
    const file = write(`#!/bin/sh\necho x >> ${directory}/calls\n${body}\n`, 'ssh')
    chmodSync(file, 0o755)
    return file
  }
  const calls = () => readFileSync(join(directory, 'calls'), 'utf8').split('\n').length - 1

  it.each(cases)('holds here too: %s', async (_, text, name, expected) => {
    const configFile = write(text)
    const target = await resolve({ name })
    expect(target).toMatchObject({ readBy: 'ssh', ...expected })
    const said = execFileSync('ssh', ['-T', '-G', '-F', configFile, name], { encoding: 'utf8' })
    const line = (keyword: string) => new RegExp(`^${keyword} (.*)$`, 'm').exec(said)?.[1]
    expect([target.address, target.user, String(target.port)]).toEqual(
      ['hostname', 'user', 'port'].map((keyword) => line(keyword)),
    )
    expect(target.proxy.kind).toBe(line('proxyjump') ? 'jump' : line('proxycommand') ? 'command' : 'none')
  })

  it('goes on inside a section that does not match: an Include there does not count', async () => {
    const included = write('Host fe1\n HostName 10.66.66.66\n User evil\n', 'included')
    write(`Host other\n Include ${included}\nHost fe1\n Include ${directory}/in*ed-not-there\n Port 2200\n`)
    expect(await resolve({})).toMatchObject({ address: 'fe1', user: me, port: 2200 })
  })

  it('is told vdd’s own settings as on its command line, where they win and Match sees them', async () => {
    write(
      'Match host 10.0.0.1 user ops\n Port 2222\nHost *\n HostName wrong\n User wrong\n ProxyCommand wrong\n IdentityFile wrong\n',
    )
    const own = { address: '10.0.0.1', user: 'ops', proxyJump: 'none', identityFile: '~/key' }
    const { home } = ownSurroundings()
    expect(await resolve(own)).toMatchObject({
      ...{ address: '10.0.0.1', user: 'ops', port: 2222, proxy: { kind: 'none' } },
      identityFiles: [`${home}/key`],
      identitiesConfigured: true,
    })
    expect(await resolve({ address: 'fe80::1%eth0', port: 23 })).toMatchObject({
      address: 'fe80::1%eth0',
      port: 23,
    })
    expect((await resolve({ proxyJump: 'me@a:22,b' })).proxy).toEqual({
      kind: 'jump',
      hops: ['me@a:22', 'b'],
    })
  })

  it('has no keys configured when only ssh’s own are listed, and has those', async () => {
    write('')
    const { home } = ownSurroundings()
    const target = await resolve({})
    expect(target.identitiesConfigured).toBe(false)
    expect(target.identityFiles).toContain(`${home}/.ssh/id_ed25519`)
    write('IdentityFile ~/.ssh/id_ed25519\n')
    expect((await resolve({ port: 1 })).identitiesConfigured).toBe(true)
  })

  it('hashes %C as this release of ssh does', async () => {
    write('UserKnownHostsFile /k/%C\nIdentityFile /k/%C\n')
    const { knownHostsFiles, identityFiles } = await resolve({})
    expect(knownHostsFiles[0]).toMatch(/^\/k\/[0-9a-f]{40}$/)
    expect(identityFiles).toEqual([knownHostsFiles[0]])
  })

  it('refuses what would make the check of the host’s key weaker, and what ssh refuses', async () => {
    write('KnownHostsCommand /bin/keys %H\n')
    await expect(resolve({})).rejects.toThrow(/KnownHostsCommand .* not supported/)
    write('Host fe1\n Port many\n')
    await expect(resolve({ port: 1 })).rejects.toThrow(/ssh configuration: .*line 2: .*many.*ssh -G fe1/)
    await expect(resolve({ configFile: `${directory}/absent` })).rejects.toMatchObject({
      kind: 'unreachable',
    })
  })

  it('is read by the package where there is no ssh, or one that knows no -G', async () => {
    write('Host fe1\n Port 2222\n')
    expect(await resolve({}, { ssh: `${directory}/absent` })).toMatchObject({ readBy: 'package', port: 2222 })
    const old = stub('echo "unknown option -- G" >&2; exit 255')
    expect(await resolve({}, { ssh: old })).toMatchObject({ readBy: 'package', port: 2222 })
  })

  it('is asked for once by all who want it at the same time', async () => {
    write('')
    const ssh = stub('exec ssh "$@"')
    await Promise.all(Array.from({ length: 30 }, () => resolve({ name: 'bastion' }, { ssh })))
    expect(calls()).toBe(1)
    await resolve({ name: 'fe1' }, { ssh })
    expect(calls()).toBe(2)
  })

  it('keeps nobody waiting for one that hangs', async () => {
    // those that hang are more than may run at once
    write(`Match originalhost hung* exec "cat ${directory}/fifo"\n`)
    execFileSync('mkfifo', [join(directory, 'fifo')])
    const hung = Array.from({ length: 12 }, (_, i) => resolve({ name: `hung${i}` }).catch((error) => error))
    expect(await resolve({ name: 'fe1' })).toMatchObject({ readBy: 'ssh' })
    for (const error of await Promise.all(hung)) {
      expect(error).toMatchObject({ kind: 'unreachable' })
      expect(error.reason).toMatch(/"ssh -G hung\d+" has not ended in 5 s/)
    }
  }, 30_000)
})
