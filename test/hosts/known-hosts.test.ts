import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostKeyAlgorithms } from '../../src/hosts/hostkey.ts'
import { fingerprint, knownTypes, lookupName, parseKnownHosts, verify } from '../../src/hosts/known-hosts.ts'
import { Home, noSshd, publicKey } from './support/sshd.ts'

describe.skipIf(noSshd)(`known_hosts with keys of the real ssh-keygen${noSshd ? ` (${noSshd})` : ''}`, () => {
  let home: Home
  let ed: string
  let other: string
  let ecdsa: string
  beforeAll(() => {
    home = new Home()
    ed = publicKey(home.key('ed'))
    other = publicKey(home.key('other'))
    ecdsa = publicKey(home.key('ecdsa', 'ecdsa'))
  })
  afterAll(() => home.remove())

  const bytes = (key: string) => Buffer.from(key.split(' ')[1] ?? '', 'base64')
  const ask = (text: string, name: string, key = ed) =>
    verify(parseKnownHosts(text, 'file'), name, bytes(key))

  it('shows the fingerprint as ssh-keygen does', () => {
    const said = execFileSync('ssh-keygen', ['-lf', `${home.path}/ed.pub`], { encoding: 'utf8' })
    expect(said).toContain(fingerprint(bytes(ed)))
  })

  it('finds a host by name, in a list, by wildcard, by port', () => {
    expect(ask(`fe1 ${ed}`, 'fe1').state).toBe('ok')
    expect(ask(`a,fe1,b ${ed}`, 'fe1').state).toBe('ok')
    expect(ask(`FE1 ${ed}`, 'fe1').state).toBe('ok')
    expect(ask(`fe?,10.0.* ${ed}`, 'fe1').state).toBe('ok')
    expect(ask(`fe?,10.0.* ${ed}`, '10.0.3.4').state).toBe('ok')
    expect(ask(`[fe1]:2222 ${ed}`, lookupName('fe1', 2222)).state).toBe('ok')
    expect(ask(`fe? ${ed}`, 'fe10').state).toBe('unknown')
    expect(ask(`f.1 ${ed}`, 'fe1').state).toBe('unknown')
    expect(ask(`[fe1]:2222 ${ed}`, 'fe1').state).toBe('unknown')
  })

  it('leaves out a line whose negated pattern matches', () => {
    expect(ask(`*.lab,!bad.lab ${ed}`, 'good.lab').state).toBe('ok')
    expect(ask(`*.lab,!bad.lab ${ed}`, 'bad.lab').state).toBe('unknown')
    expect(ask(`!bad.lab,*.lab ${ed}`, 'bad.lab').state).toBe('unknown')
  })

  it('takes a key known without the port for a host on another port, but holds nothing against it', () => {
    expect(ask(`fe1 ${ed}`, '[fe1]:2222').state).toBe('ok')
    expect(ask(`fe1 ${other}`, '[fe1]:2222').state).toBe('unknown')
  })

  it('reads names hashed by ssh-keygen -H', () => {
    home.know(`fe1,10.0.0.1 ${ed}\n[fe1]:2222 ${other}\n`)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', home.knownHosts], { stdio: 'ignore' })
    const text = readFileSync(home.knownHosts, 'utf8')
    expect(text).toMatch(/^\|1\|/)
    expect(text).not.toContain('fe1')
    expect(ask(text, 'fe1').state).toBe('ok')
    expect(ask(text, '10.0.0.1').state).toBe('ok')
    expect(ask(text, '[fe1]:2222', other).state).toBe('ok')
    expect(ask(text, 'fe2').state).toBe('unknown')
  })

  it('tells a changed key from an unknown one, and where', () => {
    const changed = ask(`# hello\nfe1 ${other}\n`, 'fe1')
    expect(changed).toMatchObject({ state: 'changed', type: 'ssh-ed25519', at: { file: 'file', line: 2 } })
    expect(ask(`fe1 ${ecdsa}`, 'fe1')).toMatchObject({ state: 'unknown', at: { line: 1 } })
    expect(ask(`fe1 ${other}\nfe1 ${ed}\n`, 'fe1').state).toBe('ok')
  })

  it('refuses a revoked key even when it is also known', () => {
    expect(ask(`fe1 ${ed}\n@revoked * ${ed}\n`, 'fe1')).toMatchObject({ state: 'revoked', at: { line: 2 } })
    expect(ask(`@revoked * ${ed}\n`, '[fe1]:2222').state).toBe('revoked')
    expect(ask(`fe1 ${ed}\n@revoked * ${other}\n`, 'fe1').state).toBe('ok')
  })

  it('says so when only a certificate authority is known', () => {
    expect(ask(`@cert-authority *.lab ${ed}\n`, 'a.lab', other)).toMatchObject({
      state: 'authority',
      at: { line: 1 },
    })
    expect(ask(`@cert-authority *.lab ${ed}\n`, 'a.lab', ed).state).toBe('authority')
    expect(ask(`@cert-authority * ${other}\nfe1 ${ed}\n`, 'fe1').state).toBe('ok')
    // OpenSSH looks a name with a port that it does not know up again without the port (K04).
    expect(ask(`@cert-authority *.lab ${ed}\n`, '[a.lab]:2222', other).state).toBe('authority')
    expect(ask(`@cert-authority [*.lab]:2222 ${ed}\n`, '[a.lab]:2222', other).state).toBe('authority')
    expect(ask(`@cert-authority [*.lab]:2222 ${ed}\n`, 'a.lab', other).state).toBe('unknown')
  })

  it('finds the lines that ssh-keygen -F finds', () => {
    const hashed = (name: string) => {
      const file = home.write('hashed', `${name} ${ed}\n`)
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
      return readFileSync(file, 'utf8').split(' ')[0] ?? ''
    }
    const patterns = [
      ...[
        'fe1',
        'FE1',
        'fe?',
        'f*',
        '*',
        'a,fe1,b',
        'fe1,!fe1',
        '!fe2,fe*',
        '!fe?,*',
        'fe1.lab',
        '*.lab',
        '*.LAB',
      ],
      ...[
        '[fe1]:2222',
        '[fe?]:2222',
        '[*]:*',
        '[fe1]:22',
        '[fe1]',
        '10.0.*',
        '10.0.0.1',
        'fd00::1',
        '[fd00::1]:2222',
      ],
      ...[hashed('fe1'), hashed('[fe1]:2222'), hashed('FE1')],
    ]
    const names = ['fe1', '[fe1]:2222', 'fe1.lab', '10.0.0.1', 'fd00::1', '[fd00::1]:2222', '[10.0.0.1]:2222']
    const lines = patterns.flatMap((one) => [
      `${one} ${ed}`,
      `@revoked ${one} ${ed}`,
      `@cert-authority ${one} ${ed}`,
    ])
    const file = home.write('many', `# first\n${lines.join('\n')}\n`)
    const known = parseKnownHosts(readFileSync(file, 'utf8'), file)
    for (const name of names) {
      const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' })
      const found = [...stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line))
      const ours = known.filter((entry) => verify([entry], name, bytes(ed)).state !== 'unknown')
      const bare = /^\[(.*)\]:\d+$/.exec(name)?.[1]
      const second = bare
        ? spawnSync('ssh-keygen', ['-F', bare, '-f', file], { encoding: 'utf8' }).stdout
        : ''
      const without = [...second.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line))
      expect([name, ...ours.map(({ line }) => line)]).toEqual([
        name,
        ...[...new Set([...found, ...without])].sort((a, b) => a - b),
      ])
    }
  })

  it('passes over comments, empty lines, carriage returns, strange markers and garbage', () => {
    const text = `\r\n# fe1 ${other}\r\n@strange fe1 ${other}\r\nfe1\r\nfe1 ssh-ed25519 %%%\r\nfe1 1024 35 123\r\nfe1 ssh-rsa ${other.split(' ')[1]}\r\n  fe1\t${ed} a comment\r\n`
    expect(ask(text, 'fe1')).toMatchObject({ state: 'ok', at: { line: 8 } })
    expect(parseKnownHosts(text, 'file')).toHaveLength(1)
  })

  it('asks for the key types that are known first', () => {
    const known = parseKnownHosts(`fe1 ${ecdsa}\n@revoked fe1 ${ed}\n`, 'file')
    expect(knownTypes(known, 'fe1')).toEqual(['ecdsa-sha2-nistp256'])
    expect(hostKeyAlgorithms(known, 'fe1', undefined)[0]).toBe('ecdsa-sha2-nistp256')
    expect(hostKeyAlgorithms(known, 'fe2', undefined)[0]).toBe('ssh-ed25519')
    expect(hostKeyAlgorithms(known, 'fe2', undefined)).not.toContain('ssh-rsa')
    expect(hostKeyAlgorithms(known, 'fe2', '+ssh-rsa').at(-1)).toBe('ssh-rsa')
    expect(hostKeyAlgorithms(known, 'fe2', '^rsa-*')[0]).toBe('rsa-sha2-512')
    expect(hostKeyAlgorithms(known, 'fe2', '-ecdsa-*,rsa-*')).toEqual(['ssh-ed25519'])
    expect(hostKeyAlgorithms(known, 'fe2', 'rsa-sha2-256,unheard-of')).toEqual(['rsa-sha2-256'])
  })
})
