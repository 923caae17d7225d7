import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { userInfo } from 'node:os'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HostError, type Trace } from '../../src/hosts/host.ts'
import { label } from '../../src/hosts/label.ts'
import { SshHost, type SshHostOptions } from '../../src/hosts/ssh.ts'
import type { SshSettings } from '../../src/hosts/ssh-settings.ts'
import { patience, until } from '../support/until.ts'
import { endOrphans, freePort, Home, isRunning, noSshd, publicKey, type Sshd } from './support/sshd.ts'

const ours = `2${String(process.pid).padStart(7, '0')}.`
const mark = () => `${ours}${Math.floor(Math.random() * 1e9)}`

describe.skipIf(noSshd)(
  `SshHost, against a real sshd${noSshd ? ` (${noSshd})` : ''}`,
  () => {
    let home: Home
    let sshd: Sshd
    const open: SshHost[] = []
    const traces: Trace[] = []

    function host(settings: Partial<SshSettings> = {}, options: SshHostOptions = {}): SshHost {
      const made = new SshHost(
        { name: 'fe1', address: '127.0.0.1', port: sshd.port, ...settings },
        {
          surroundings: home.surroundings,
          onTrace: (trace) => traces.push(trace),
          connectTimeout: 60_000,
          ...options,
        },
      )
      open.push(made)
      return made
    }

    /** What a call fails with. */
    async function failure(call: Promise<unknown>): Promise<HostError> {
      const error = await call.then(
        () => undefined,
        (reason) => reason,
      )
      if (!(error instanceof HostError)) throw new Error(`no HostError but ${error}`)
      return error
    }

    const refusal = (settings: Partial<SshSettings> = {}, options: SshHostOptions = {}) =>
      failure(host(settings, options).run(['true']))

    beforeAll(async () => {
      home = new Home()
      sshd = home.server('sshd', ['ed25519', 'ecdsa'])
      await sshd.start()
    })
    beforeEach(() => {
      home.know(sshd.known())
      home.surroundings.env = {}
      traces.length = 0
    })
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()))
    })
    afterAll(async () => {
      await sshd.stop()
      home.remove()
      endOrphans(ours)
    })

    describe('running commands', () => {
      it('gives the outputs and the exit status as they are', async () => {
        const fe1 = host()
        expect(await fe1.run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
          code: 3,
          stdout: 'out\n',
          stderr: 'err\n',
        })
        expect(await fe1.run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ code: null })
        expect(traces).toMatchObject([{ host: 'fe1', outcome: 'exit 3' }, { outcome: 'ended by a signal' }])
      })

      it('brings hostile words through the remote shell unchanged', async () => {
        const words = [
          '$(id)',
          '`id`',
          '',
          '-n',
          "it's",
          '"',
          '\\',
          'a\nb',
          '*',
          '~',
          '!',
          ';reboot',
          '\u202eé😀',
          '\u0001\u007f',
        ]
        const { stdout } = await host().run(['printf', '%s\\0', ...words])
        expect(stdout.split('\0').slice(0, -1)).toEqual(words)
        expect((await failure(host().run(['echo', 'a\0b']))).kind).toBe('exec')
      })

      it('feeds standard input, closes it, and keeps it out of the trace', async () => {
        const fe1 = host()
        const input = 'secret\n'.repeat(300_000)
        expect((await fe1.run(['cat'], { input })).stdout === input).toBe(true)
        expect((await fe1.run(['cat'])).stdout).toBe('')
        expect(await fe1.run(['true'], { input })).toMatchObject({ code: 0 })
        expect(JSON.stringify(traces)).not.toContain('secret')
      })

      it('takes 2 MiB on each output', async () => {
        const size = 2 * 1024 * 1024
        const script = `head -c ${size} /dev/zero | tr "\\0" x | tee /dev/stderr`
        const { stdout, stderr } = await host().run(['sh', '-c', script])
        expect([stdout.length, stderr.length]).toEqual([size, size])
      })

      it('bounds the output, and ends the command that says too much', async () => {
        const word = mark()
        const fe1 = host()
        expect((await failure(fe1.run(['yes', word], { limit: 10_000 }))).kind).toBe('overflow')
        await until('yes to be gone', () => !isRunning(word))
        expect(await fe1.run(['echo', 'on'])).toMatchObject({ stdout: 'on\n' })
      })

      it('tells standard error as it comes', async () => {
        const told: string[] = []
        await host().run(['sh', '-c', 'printf 1 >&2; sleep 0.05; printf 2 >&2'], {
          onStderr: (text) => told.push(text),
        })
        expect(told).toEqual(['1', '2'])
      })

      it('says that a program is missing, and leaves other 127s alone', async () => {
        const fe1 = host()
        expect((await failure(fe1.run(['no-such-program']))).message).toBe(
          'fe1: no-such-program: command not found',
        )
        expect((await failure(fe1.run(['/no/such']))).kind).toBe('exec')
        expect(await fe1.run(['sh', '-c', 'echo "x: not found" >&2; exit 127'])).toMatchObject({ code: 127 })
        expect(await fe1.run(['env', 'no-such-program'])).toMatchObject({ code: 127 })
      })

      it('runs 30 commands at once through 8 slots', async () => {
        const fe1 = host()
        const numbers = Array.from({ length: 30 }, (_, index) => String(index))
        const outputs = await Promise.all(
          numbers.map((number) => fe1.run(['sh', '-c', `sleep 0.02; echo ${number}`])),
        )
        expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(numbers)
      })

      it('lets many commands pass beside two streams', async () => {
        const fe1 = host()
        const streams = await Promise.all([fe1.stream(['cat']), fe1.stream(['cat'])])
        await Promise.all(Array.from({ length: 20 }, () => fe1.run(['true'])))
        for (const stream of streams) stream.kill()
        await Promise.all(streams.map(({ ended }) => ended))
      })

      it('bounds the wait for a slot by the caller’s timeout', async () => {
        const fe1 = host({}, { slots: 1 })
        const stream = await fe1.stream(['cat'])
        expect((await failure(fe1.run(['true'], { timeout: 100 }))).kind).toBe('timeout')
        stream.kill()
        expect(await fe1.run(['true'])).toMatchObject({ code: 0 })
      })
    })

    describe('ending commands', () => {
      it('ends a late command and its children on the host, and keeps the connection', async () => {
        const fe1 = host()
        await fe1.run(['true'])
        const logins = sshd.log.match(/Accepted publickey/g)?.length
        const seconds = mark()
        const late = fe1.run(['sh', '-c', `sleep ${seconds} & sleep ${seconds}; true`], { timeout: 300 })
        expect(await failure(late)).toMatchObject({ kind: 'timeout', message: 'fe1: sh: no answer in 0.3 s' })
        await until('the sleeps to be gone', () => !isRunning(seconds))
        expect(await fe1.run(['echo', 'on'])).toMatchObject({ stdout: 'on\n' })
        expect(sshd.log.match(/Accepted publickey/g)?.length).toBe(logins)
      })

      it('ends a command that ignores SIGTERM', async () => {
        const seconds = mark()
        const script = `trap '' TERM; sleep ${seconds}; sleep ${seconds}`
        expect((await failure(host().run(['sh', '-c', script], { timeout: 500 }))).kind).toBe('timeout')
        await until('the sleeps to be gone', () => !isRunning(seconds))
      })

      it('does not fill the connection with commands that hang', async () => {
        const fe1 = host()
        const seconds = mark()
        const hang = () => failure(fe1.run(['sleep', seconds], { timeout: 300 }))
        for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 8 }, hang))
        expect(await fe1.run(['echo', 'on'])).toMatchObject({ stdout: 'on\n' })
        await until('the sleeps to be gone', () => !isRunning(seconds))
      })

      it('can be cancelled, before and during', async () => {
        const fe1 = host()
        expect((await failure(fe1.run(['true'], { signal: AbortSignal.abort() }))).kind).toBe('cancelled')
        const seconds = mark()
        const leaving = new AbortController()
        const running = failure(fe1.run(['sleep', seconds], { signal: leaving.signal, timeout: patience }))
        await until('the sleep', () => isRunning(seconds))
        leaving.abort()
        expect((await running).kind).toBe('cancelled')
        await until('the sleep to be gone', () => !isRunning(seconds))
      })

      it('follows a command that goes on, and ends it', async () => {
        const word = mark()
        const stream = await host().stream(['sh', '-c', `cat; : ${word}`])
        stream.stdin.write('hello\n')
        expect(String((await once(stream.stdout, 'data'))[0])).toBe('hello\n')
        stream.kill()
        expect(await stream.ended).toEqual({ code: null })
        await until('cat to be gone', () => !isRunning(word))
      })

      it('ends a command whose reader leaves', async () => {
        const word = mark()
        const stream = await host().stream(['sh', '-c', `echo one; sleep ${word}`])
        for await (const piece of stream.stdout) {
          expect(String(piece)).toBe('one\n')
          break
        }
        expect(await stream.ended).toEqual({ code: null })
        await until('the sleep to be gone', () => !isRunning(word))
      })

      it('leaves nothing behind and runs nothing more when it is closed', async () => {
        const fe1 = host()
        const seconds = mark()
        const running = failure(fe1.run(['sleep', seconds], { timeout: patience }))
        await fe1.run(['true'])
        await fe1.close()
        expect((await running).kind).toBe('cancelled')
        expect((await failure(fe1.run(['true']))).kind).toBe('cancelled')
        expect((await failure(fe1.stream(['true']))).kind).toBe('cancelled')
      })
    })

    describe('the host’s key', () => {
      it('is refused when it is unknown, with its fingerprint and the file', async () => {
        home.know('')
        const print = execFileSync('ssh-keygen', ['-lf', `${sshd.hostKeys.ed25519}.pub`], {
          encoding: 'utf8',
        })
        const error = await refusal()
        expect(error.kind).toBe('hostkey')
        expect(error.reason).toContain('unknown')
        expect(error.reason).toContain(print.split(' ')[1])
        expect(error.reason).toContain(home.knownHosts)
        expect(error.advice).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')
        expect(error.advice).toContain(`ssh-keyscan -H -p ${sshd.port} 127.0.0.1 >> ${home.knownHosts}`)
      })

      it('is refused when it has changed, with the line', async () => {
        home.know(`# old\n[127.0.0.1]:${sshd.port} ${publicKey(`${home.path}/.ssh/id_ed25519`)}\n`)
        const error = await refusal()
        expect(error.kind).toBe('hostkey')
        expect(error.reason).toMatch(/CHANGED.*known_hosts line 2/)
        expect(error.advice).toContain(`ssh-keygen -R '[127.0.0.1]:${sshd.port}' -f ${home.knownHosts}`)
      })

      it('is refused when it is revoked, or known only by an authority', async () => {
        home.know(`${sshd.known()}@revoked * ${publicKey(sshd.hostKeys.ed25519 ?? '')}\n`)
        expect(await refusal()).toMatchObject({
          kind: 'hostkey',
          reason: expect.stringMatching(/revoked in .* line 2/),
        })
        home.know(`@cert-authority * ${publicKey(`${home.path}/.ssh/id_ed25519`)}\n`)
        expect((await refusal()).reason).toContain('host certificates are not supported')
      })

      it('is refused when RevokedHostKeys has it, as a line or in a KRL, or cannot be read', async () => {
        const key = sshd.hostKeys.ed25519 ?? ''
        const revoked = home.write('revoked', `# stolen\n${publicKey(home.key('stolen'))}\n`)
        const configFile = home.write('revoking', `RevokedHostKeys ${revoked}\n`)
        const told = async () => (await refusal({ configFile })).reason
        expect(await host({ configFile }).run(['true'])).toMatchObject({ code: 0 })
        home.write('revoked', `# stolen\n${publicKey(key)} rack 3\n`)
        expect(await told()).toMatch(/ed25519 key SHA256:.* is revoked in .*revoked line 2$/)
        rmSync(revoked)
        execFileSync('ssh-keygen', ['-q', '-k', '-f', revoked, `${home.path}/stolen.pub`])
        expect(await host({ configFile }).run(['true'])).toMatchObject({ code: 0 })
        execFileSync('ssh-keygen', ['-q', '-k', '-f', revoked, `${key}.pub`])
        expect(await told()).toMatch(/is revoked in .*revoked$/)
        home.write('revoked', 'SSHKRL\n\0 cut off')
        expect(await told()).toMatch(/whether .* is revoked is not known: /)
        rmSync(revoked)
        expect(await told()).toMatch(/whether .* is revoked is not known: ENOENT/)
      })

      it('is refused whatever StrictHostKeyChecking says', async () => {
        home.know('')
        const configFile = home.write(
          'lax',
          'StrictHostKeyChecking no\nNoHostAuthenticationForLocalhost yes\n',
        )
        expect((await refusal({ configFile })).kind).toBe('hostkey')
      })

      it('is found when only another type than the best is known, by name, or hashed', async () => {
        home.know(sshd.known('ecdsa'))
        expect(await host().run(['true'])).toMatchObject({ code: 0 })
        execFileSync('ssh-keygen', ['-q', '-H', '-f', home.knownHosts], { stdio: 'ignore' })
        expect(await host().run(['true'])).toMatchObject({ code: 0 })
        home.know(`cluster-fe ${publicKey(sshd.hostKeys.ed25519 ?? '')}\n`)
        const configFile = home.write('alias', 'HostKeyAlias cluster-fe\n')
        expect(await host({ configFile }).run(['true'])).toMatchObject({ code: 0 })
      })
    })

    describe('logging in', () => {
      it('says which keys were refused and what to do', async () => {
        const wrong = home.key('wrong')
        const error = await refusal({ identityFile: wrong })
        expect(error).toMatchObject({ kind: 'auth', reason: expect.stringContaining(`tried ${wrong}`) })
        expect(error.reason).toContain('it accepts publickey')
        expect(error.advice).toContain('authorized_keys')
      })

      it('says when there is no key, or the key is open to others', async () => {
        const error = await refusal({ identityFile: '/absent/key' })
        expect(error).toMatchObject({ kind: 'auth', reason: expect.stringContaining('nothing: no key') })
        expect(error.advice).toContain('/absent/key')
        const open = home.key('open')
        chmodSync(open, 0o644)
        expect((await refusal({ identityFile: open })).advice).toContain(`chmod 600 ${open}`)
      })

      it('points to ssh-agent for an encrypted key, and uses it from there', async () => {
        const identityFile = home.key('locked', 'ed25519', 'passphrase')
        expect((await refusal({ identityFile })).advice).toContain(
          `${identityFile} is encrypted: start ssh-agent and run ssh-add`,
        )
        const said = execFileSync('ssh-agent', ['-s', '-a', `${home.path}/agent`], { encoding: 'utf8' })
        const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1])
        try {
          const env = { ...process.env, SSH_AUTH_SOCK: `${home.path}/agent` }
          execFileSync('ssh-add', ['-q', `${home.path}/.ssh/id_ed25519`], { env, stdio: 'ignore' })
          home.surroundings.env = { SSH_AUTH_SOCK: env.SSH_AUTH_SOCK }
          expect(await host({ identityFile }).run(['true'])).toMatchObject({ code: 0 })
          const only = home.write('only', 'IdentitiesOnly yes\n')
          expect((await refusal({ identityFile, configFile: only })).kind).toBe('auth')
        } finally {
          process.kill(pid)
        }
      })

      it('goes on with the identity files when the agent is not there', async () => {
        home.surroundings.env = { SSH_AUTH_SOCK: `${home.path}/absent` }
        expect(await host().run(['true'])).toMatchObject({ code: 0 })
      })
    })

    describe('a host in trouble', () => {
      it('is reported when it refuses, has no name, or never answers', async () => {
        const port = await freePort()
        expect(await refusal({ port })).toMatchObject({
          kind: 'unreachable',
          reason: `connection refused by 127.0.0.1 port ${port}`,
        })
        expect((await refusal({ address: 'no-such-host.invalid' })).reason).toContain(
          'no-such-host.invalid is not known',
        )
        const silent = createServer(() => {}).listen(0, '127.0.0.1')
        await once(silent, 'listening')
        const address = silent.address()
        if (address === null || typeof address === 'string') throw new Error('no port')
        const error = await refusal({ port: address.port }, { connectTimeout: 300 })
        expect(error).toMatchObject({
          kind: 'unreachable',
          reason: expect.stringContaining('did not answer in time'),
        })
        silent.close()
      })

      it('is waited for as long as it goes on to answer, however slowly', async () => {
        const delay = 400
        const relay = createServer((near) => {
          const far = connect(sshd.port, '127.0.0.1')
          near.pipe(far)
          far.on('data', (piece) => {
            far.pause()
            setTimeout(() => near.write(piece) && far.resume(), delay)
          })
          near.on('drain', () => far.resume())
          near.on('error', () => far.destroy()).on('close', () => far.destroy())
          far.on('error', () => near.destroy()).on('close', () => near.destroy())
        }).listen(0, '127.0.0.1')
        await once(relay, 'listening')
        const { port } = relay.address() as AddressInfo
        home.know(`[127.0.0.1]:${port} ${publicKey(sshd.hostKeys.ed25519 ?? '')}`)
        const began = performance.now()
        // Less than all pieces take, and much more than a busy sshd takes for one.
        const timeout = 10 * delay
        const slow = host({ port }, { connectTimeout: timeout })
        expect(await slow.run(['echo', 'slow'])).toMatchObject({ stdout: 'slow\n' })
        expect(performance.now() - began).toBeGreaterThan(timeout)
        relay.close()
      })

      it('is left alone after a failure, and every call says so at once', async () => {
        const fe1 = host(
          { port: await freePort() },
          { backoff: { first: 60_000, longest: 60_000, random: () => 1 } },
        )
        await failure(fe1.run(['true']))
        const error = await failure(fe1.run(['true']))
        expect(error).toMatchObject({
          kind: 'unreachable',
          reason: expect.stringMatching(/refused.*; next try in \d+ s$/),
        })
      })

      it('is reported when it dies during a command, and found again when it is back', async () => {
        const fe1 = host({}, { backoff: { first: 20, longest: 50 } })
        const seconds = mark()
        const stream = await fe1.stream(['cat'])
        const running = failure(fe1.run(['sleep', seconds], { timeout: patience }))
        await until('the sleep', () => isRunning(seconds))
        await sshd.stop()
        expect((await running).kind).toBe('unreachable')
        expect((await failure(stream.ended)).kind).toBe('unreachable')
        expect((await failure(fe1.run(['true']))).kind).toBe('unreachable')
        await sshd.start()
        const output = await until('fe1 to be back', () => fe1.run(['echo', 'back']).catch(() => undefined))
        expect(output.stdout).toBe('back\n')
      })

      it('is noticed within 6 s when it hangs, and costs nobody else anything', async () => {
        const other = home.server('hung')
        await other.start()
        home.know(sshd.known() + other.known())
        const fe2 = host({ name: 'fe2', port: other.port })
        await fe2.run(['true'])
        const seconds = mark()
        const running = failure(fe2.run(['sleep', seconds], { timeout: 60_000 }))
        await until('the sleep', () => isRunning(seconds))
        other.signal('SIGSTOP')
        const start = performance.now()
        expect(await host().run(['true'])).toMatchObject({ code: 0 })
        expect(await running).toMatchObject({
          kind: 'unreachable',
          reason: expect.stringContaining('answers no more'),
        })
        expect(performance.now() - start).toBeLessThan(60_000)
        other.signal('SIGCONT')
        await until('fe2 to be back', () => fe2.run(['true']).catch(() => undefined))
      })

      it('is given up sooner where somebody says that it is gone, but not while it answers', async () => {
        const other = home.server('doubted')
        await other.start()
        home.know(sshd.known() + other.known())
        const fe2 = host({ name: 'fe2', port: other.port }, { keepaliveCount: 1_000 })
        const seconds = mark()
        const running = failure(fe2.run(['sleep', seconds], { timeout: patience }))
        await until('the sleep', () => isRunning(seconds))
        fe2.doubt(label('its peer took over'))
        expect(await fe2.run(['sh', '-c', 'sleep 6; echo well'])).toMatchObject({ stdout: 'well\n' })
        // What it sent before it went comes in after it was doubted.
        const last = fe2.run(['true'])
        fe2.doubt(label('its peer took over'))
        await last
        other.signal('SIGSTOP')
        expect(await running).toMatchObject({ kind: 'unreachable', reason: 'its peer took over' })
        // It is asked whether it is back, and says nothing.
        await until('a try', () => fe2.run(['true']).catch(({ reason }) => !reason.includes('next try')))
        const trying = failure(fe2.run(['true']))
        fe2.doubt(label('it is gone still'))
        expect((await trying).reason).toContain('it is gone still')
        other.signal('SIGCONT')
      })

      it('says so when it allows too few sessions, and goes on', async () => {
        const narrow = home.server('narrow', ['ed25519'], ['MaxSessions 1'])
        await narrow.start()
        home.know(narrow.known())
        const fe1 = host({ port: narrow.port })
        const stream = await fe1.stream(['cat'])
        const error = await failure(fe1.run(['true']))
        expect(error).toMatchObject({ kind: 'unreachable', advice: expect.stringContaining('MaxSessions') })
        stream.stdin.write('still here\n')
        expect(String((await once(stream.stdout, 'data'))[0])).toBe('still here\n')
      })
    })

    describe('a way round', () => {
      let bastion: Sshd
      beforeAll(async () => {
        bastion = home.server('bastion')
        await bastion.start()
      })
      const config = () =>
        home.write(
          'hops',
          `Host bastion\n HostName 127.0.0.1\n Port ${bastion.port}\n HostKeyAlias bastion\n`,
        )

      it('goes through a jump host, each verified', async () => {
        const settings = { configFile: config(), proxyJump: 'bastion' }
        const key = `bastion ${publicKey(bastion.hostKeys.ed25519 ?? '')}\n`
        home.know(sshd.known() + key)
        const before = bastion.log.length
        expect(await host(settings).run(['echo', 'there'])).toMatchObject({ stdout: 'there\n' })
        expect(bastion.log.slice(before)).toContain('Accepted publickey')
        const chain = { ...settings, proxyJump: `bastion,127.0.0.1:${sshd.port}` }
        expect(await host(chain).run(['echo', 'there'])).toMatchObject({ stdout: 'there\n' })
        home.know(sshd.known())
        expect(await refusal(settings)).toMatchObject({
          kind: 'hostkey',
          host: 'fe1',
          reason: expect.stringContaining('bastion'),
        })
        home.know(key)
        expect(await refusal(settings)).toMatchObject({
          kind: 'hostkey',
          reason: expect.stringContaining(String(sshd.port)),
        })
      })

      it('goes the way that ssh itself works out, with the tokens of the host', async () => {
        home.know(sshd.known() + bastion.known())
        const configFile = home.write(
          'asked',
          [
            'Match exec "test %n = fe9"',
            ' HostName 127.0.0.1',
            ` Port ${sshd.port}`,
            ` ProxyJump %r@127.0.0.1:${bastion.port}`,
            'Host *',
            ` User ${userInfo().username}`,
            ` IdentityFile ${home.path}/.ssh/id_ed25519`,
            ` UserKnownHostsFile ${home.knownHosts}\n`,
          ].join('\n'),
        )
        const before = bastion.log.length
        const surroundings = { home: home.path, env: process.env }
        const fe9 = new SshHost({ name: 'fe9', configFile }, { surroundings })
        open.push(fe9)
        expect(await fe9.run(['echo', 'there'])).toMatchObject({ stdout: 'there\n' })
        expect(bastion.log.slice(before)).toContain('Accepted publickey')
        expect(fe9.caveat).toBeUndefined()
        const without = host({ configFile: home.write('none', '') })
        await without.run(['true'])
        expect(without.caveat).toMatchObject({ advice: expect.stringContaining('openssh-client') })
      })

      it('says which hop failed', async () => {
        home.know(`bastion ${publicKey(bastion.hostKeys.ed25519 ?? '')}\n`)
        const port = await freePort()
        const down = await refusal({ proxyJump: `127.0.0.1:${port}` })
        expect(down.reason).toBe(`jump host 127.0.0.1: connection refused by 127.0.0.1 port ${port}`)
        const beyond = await refusal({ configFile: config(), proxyJump: 'bastion', port })
        expect(beyond).toMatchObject({
          kind: 'unreachable',
          reason: expect.stringContaining('not reached from the jump host'),
        })
      })

      it('notices that the jump host died', async () => {
        home.know(sshd.known() + bastion.known())
        const fe1 = host({ proxyJump: `127.0.0.1:${bastion.port}` }, { backoff: { first: 20, longest: 50 } })
        const seconds = mark()
        const running = failure(fe1.run(['sleep', seconds], { timeout: patience }))
        await until('the sleep', () => isRunning(seconds))
        await bastion.stop()
        expect((await running).kind).toBe('unreachable')
        await bastion.start()
        await until('fe1 to be back', () => fe1.run(['true']).catch(() => undefined))
      })

      it('goes through a ProxyCommand, which ends with the connection', async () => {
        const word = mark()
        const script = `require('net').connect(%p,'%h',function(){process.stdin.pipe(this).pipe(process.stdout)})//${word}`
        const configFile = home.write('command', `ProxyCommand "${process.execPath}" -e "${script}"\n`)
        const fe1 = host({ configFile })
        expect(await fe1.run(['echo', 'there'])).toMatchObject({ stdout: 'there\n' })
        expect(isRunning(word)).toBe(true)
        await fe1.close()
        await until('the ProxyCommand to be gone', () => !isRunning(word))
      })

      it('tells what a failing ProxyCommand said', async () => {
        const configFile = home.write('failing', 'ProxyCommand echo "no way" >&2; exit 1\n')
        expect((await refusal({ configFile })).reason).toContain('no way')
      })
    })
  },
  600_000,
)
