import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { asHostError } from '../../../src/hosts/conversation.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'
import { quote } from '../../../src/hosts/quote.ts'
import { Virsh, virsh, virshEvents } from '../../../src/services/libvirt/client.ts'
import { errorText } from '../../../src/services/libvirt/parse.ts'
import { refusal } from '../../../src/services/libvirt/refusal.ts'
import { libvirt, xen } from '../../support/fixture.ts'
import { type Said, ScriptedVirsh } from '../../support/scripted-virsh.ts'
import { until } from '../../support/until.ts'

const patience = 30_000
const noDomain = "error: failed to get domain 'nosuch'\n"

/** A session with a virsh that follows the script; `uri` is answered by itself. */
async function sessionWith(script: Record<string, Said | undefined> = {}) {
  const host = new ScriptedVirsh((line) =>
    line === 'uri'
      ? { out: 'qemu:///system\n\n' }
      : line in script
        ? script[line]
        : { out: `said ${line}\n\n` },
  )
  return { host, session: await Virsh.open(host, 'qemu:///system', false, patience) }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('the command lines', () => {
  it('fix the language, keep no history, and ask for signs of life', async () => {
    const { host } = await sessionWith()
    expect(host.started).toEqual([
      [
        'env',
        'LANGUAGE=',
        'LC_ALL=C.UTF-8',
        'VIRSH_HISTSIZE=0',
        'virsh',
        '-k',
        '1',
        '-K',
        '2',
        '-c',
        'qemu:///system',
      ],
    ])
    expect(virsh('xen:///system', 'start', 'x')).toEqual([
      'env',
      'LANGUAGE=',
      'LC_ALL=C.UTF-8',
      'VIRSH_HISTSIZE=0',
      'virsh',
      '-c',
      'xen:///system',
      'start',
      'x',
    ])
  })

  it('connect read-only where nothing may be changed', async () => {
    const host = new ScriptedVirsh()
    await Virsh.open(host, 'qemu:///system', true, patience)
    expect(host.started[0]).toContain('-r')
    expect(virshEvents('qemu:///system', true)).toContain('-r')
    expect(virshEvents('qemu:///system', false)).not.toContain('-r')
    expect(virshEvents('qemu:///system', false).slice(-4)).toEqual([
      'event',
      '--all',
      '--loop',
      '--timestamp',
    ])
  })
})

describe('Virsh.open', () => {
  it('drops the banner', async () => {
    const { session } = await sessionWith({ hostname: { out: 'vdd-a\n\n' } })
    const { out, err } = await session.command(['hostname'], patience)
    expect([out, err]).toEqual([expect.stringMatching(/^\n*vdd-a\n+$/), ''])
  })

  it('tells why there is no connection, and what to do', async () => {
    const host = new ScriptedVirsh(() => ({ out: '\n', err: libvirt('err-xen-no-libvirtd.txt') }))
    await expect(Virsh.open(host, 'qemu:///system', false, patience)).rejects.toMatchObject({
      kind: 'refused',
      host: 'hv1',
      reason: expect.stringContaining('Failed to connect socket'),
      advice: 'systemctl start libvirtd',
    })
    expect(host.killed).toBe(1)
  })

  it('does not wait for ever for a libvirtd that hangs', async () => {
    vi.useFakeTimers()
    const host = new ScriptedVirsh(() => undefined)
    const opening = Virsh.open(host, 'qemu:///system', false, 3000)
    const refused = expect(opening).rejects.toMatchObject({
      kind: 'timeout',
      reason: 'libvirtd hangs: no connection to qemu:///system in 3 s',
      advice: expect.stringContaining('systemctl status libvirtd'),
    })
    await vi.advanceTimersByTimeAsync(3000)
    await refused
    expect(host.killed).toBe(1)
  })

  it('passes on that the host was lost', async () => {
    const host = new ScriptedVirsh(() => undefined)
    const opening = Virsh.open(host, 'qemu:///system', false, patience)
    await until('virsh', () => host.fed.length > 0)
    host.lose(new HostError('unreachable', 'hv1', say`no route`))
    await expect(opening).rejects.toMatchObject({ kind: 'unreachable', reason: 'no route' })
  })

  it('says the last words of a virsh that ended at once', async () => {
    const host = new ScriptedVirsh(() => undefined)
    const opening = Virsh.open(host, 'qemu:///system', false, patience)
    await until('virsh', () => host.fed.length > 0)
    host.stderr.write('error: something\nerror: bash: virsh: \u001b[1mcommand not found\n')
    await until('the words to arrive', () => host.stderr.readableLength === 0)
    host.end()
    await expect(opening).rejects.toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^virsh is missing: .*virsh: \\e\[1mcommand not found$/),
    })
  })
})

describe('Virsh.command', () => {
  it('answers in order what was asked at once', async () => {
    const { session } = await sessionWith()
    const answers = await Promise.all(
      ['list', 'nodeinfo', 'version'].map((c) => session.command([c], patience)),
    )
    expect(answers.map(({ out }) => out.trim())).toEqual(['said list', 'said nodeinfo', 'said version'])
  })

  it('gives the error of a command to that command and to no other', async () => {
    const { session } = await sessionWith({ 'dominfo nosuch': { out: '\n', err: noDomain } })
    const [before, wrong, after] = await Promise.all(
      [['list'], ['dominfo', 'nosuch'], ['list']].map((words) => session.command(words, patience)),
    )
    expect(before).toMatchObject({ out: expect.stringContaining('said list'), err: '' })
    expect(wrong).toMatchObject({ out: expect.not.stringContaining('said'), err: noDomain.trim() })
    expect(after).toMatchObject({ err: '' })
  })

  it('quotes each word, so that virsh splits the line into the same words', async () => {
    const { host, session } = await sessionWith()
    await session.command(['dominfo', `it's; $(reboot)\\ "x"`, '--', '-a'], patience)
    expect(host.fed).toContain(`dominfo 'it'\\''s; $(reboot)\\ "x"' -- -a`)
  })

  it('drops the echo of what it was fed, and no line of an answer that looks like one', async () => {
    const said = 'virsh # x\nvirsh # two\nvirsh > three\nfour virsh # \nvirsh # echo --err five\n'
    for (const command of ["it's", 'x']) {
      const { session } = await sessionWith({ x: { out: said }, [quote([command])]: { out: said } })
      expect((await session.command([command], patience)).out).toBe(said)
      expect((await session.command(['x'], patience)).out).toBe(said)
    }
  })

  it('is not ended by a marker that somebody else wrote', async () => {
    const forged = '__vdd_000000000000_2__\n__vdd__\n__end_2__\n'
    const { session } = await sessionWith({ dumpxml: { out: `${forged}tail\n`, err: '' } })
    const { out } = await session.command(['dumpxml'], patience)
    expect(out).toContain('tail')
    expect(out).toContain('__vdd_000000000000_2__')
  })

  it('is not ended by its own marker inside a line', async () => {
    const { host, session } = await sessionWith({ x: undefined })
    const answer = session.command(['x'], patience)
    await until('the markers', () => host.fed.at(-1)?.startsWith('echo --err'))
    const { marker } = host
    host.stderr.write(`error: ${marker}\n`)
    host.stdout.write(`a ${marker}\n${marker} b\n ${marker}\n${marker}\n`)
    const { out, err } = await answer
    expect([out, err]).toEqual([`a ${marker}\n${marker} b\n ${marker}\n`, ''])
  })

  it('waits for both outputs', async () => {
    const { host, session } = await sessionWith({ x: undefined })
    let answered = false
    const answer = session.command(['x'], patience).then((said) => {
      answered = true
      return said
    })
    await until('the markers', () => host.fed.at(-1)?.startsWith('echo --err'))
    host.stdout.write(`done\n${host.marker}\n`)
    await until('stdout to be read', () => host.stdout.readableLength === 0)
    expect(answered).toBe(false)
    host.stderr.write(`error: late\nerror: ${host.marker}\n`)
    const { out, err } = await answer
    expect([out, err]).toEqual(['done\n', 'error: late'])
  })

  it('uses a new marker for each command and each session', async () => {
    const one = await sessionWith()
    const other = await sessionWith()
    await one.session.command(['a'], patience)
    await other.session.command(['a'], patience)
    const markers = [one, other].flatMap(({ host }) => host.fed.filter((line) => line.startsWith('echo __')))
    expect(new Set(markers).size).toBe(4)
  })

  it('puts what virsh says unasked before the answer of the next command', async () => {
    const { host, session } = await sessionWith()
    host.stderr.write('error: Disconnected from qemu:///system due to end of file\n')
    await until('it to be read', () => host.stderr.readableLength === 0)
    const next = await session.command(['list'], patience)
    expect(next.err).toBe('error: Disconnected from qemu:///system due to end of file')
    expect(refusal('hv1', next.err).advice).toBe('systemctl start libvirtd')
    expect(await session.command(['list'], patience)).toMatchObject({ err: '' })
  })

  it('fails all that is pending when virsh ends in the middle of an answer', async () => {
    const { host, session } = await sessionWith({ domstats: undefined })
    const pending = [session.command(['domstats'], patience), session.command(['list'], patience)]
    const failed = Promise.allSettled(pending)
    await until('the question', () => host.fed.includes('list'))
    host.stdout.write("Domain: 'web1'\n  state.sta")
    host.end()
    for (const result of await failed)
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { kind: 'unreachable', reason: 'virsh ended' },
      })
    expect(session.closed).toBe(true)
    await expect(session.command(['list'], patience)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('ends the session when one command takes too long, and fails what waits behind it', async () => {
    const { host, session } = await sessionWith({ 'domstats --raw': undefined })
    vi.useFakeTimers()
    const hung = session.command(['domstats', '--raw'], 3000)
    const behind = session.command(['list'], 60_000)
    const failed = Promise.allSettled([hung, behind])
    await vi.advanceTimersByTimeAsync(2999)
    expect(session.closed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    for (const result of await failed)
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { kind: 'timeout', reason: 'virsh domstats did not answer in 3 s' },
      })
    expect(host.killed).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('names the command that hangs, not the one whose time was over first', async () => {
    const { session } = await sessionWith({ domstats: undefined })
    vi.useFakeTimers()
    const hung = session.command(['domstats'], 60_000)
    const behind = session.command(['list'], 1000)
    const failed = Promise.allSettled([hung, behind])
    await vi.advanceTimersByTimeAsync(1000)
    expect((await failed)[1]).toMatchObject({ reason: { reason: expect.stringContaining('virsh domstats') } })
  })

  it('refuses to hold more than an answer can be', async () => {
    const { host, session } = await sessionWith({ x: undefined })
    const answer = session.command(['x'], patience)
    const failed = expect(answer).rejects.toMatchObject({
      kind: 'overflow',
      reason: 'virsh said more than 1 MiB or 20000 lines',
    })
    const garbage = Buffer.alloc(2 ** 16, 0xff)
    for (let i = 0; i < 17; i++) host.stdout.write(garbage)
    await failed
    expect(host.killed).toBe(1)
  })

  it('fails what is pending when it is closed', async () => {
    const { session } = await sessionWith({ x: undefined })
    const failed = expect(session.command(['x'], patience)).rejects.toMatchObject({ kind: 'cancelled' })
    session.close()
    session.close()
    await failed
  })

  it('survives that virsh no longer reads', async () => {
    const { host, session } = await sessionWith({ x: undefined })
    const failed = expect(session.command(['x'], patience)).rejects.toBeInstanceOf(HostError)
    host.stdin.destroy(new Error('EPIPE'))
    host.end()
    await failed
  })

  it('gives the same answers wherever the bytes are cut', async () => {
    const texts = fc.array(
      fc.record({
        out: fc.string({ unit: fc.constantFrom('a', '\n', 'ß', '東', '𝄞', '_', 'virsh', '\ufffd', ' ') }),
        err: fc.string({ unit: fc.constantFrom('e', '\n', 'é', '🖥', ':') }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    const cuts = fc.array(fc.nat(10_000), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(texts, cuts, cuts, fc.boolean(), async (said, outCuts, errCuts, errFirst) => {
        const host = new ScriptedVirsh((line) => {
          const turn = said[Number(line.slice(1))]
          return line === 'uri' || !turn ? {} : { out: `${turn.out}\n`, err: turn.err ? `${turn.err}\n` : '' }
        })
        const session = await Virsh.open(host, 'qemu:///system', false, patience)
        host.held = true
        const answers = said.map((_, i) => session.command([`c${i}`], patience))
        await until('all to be asked', () => host.fed.length === 3 + 3 * said.length)
        const out = pieces(Buffer.from(host.out), outCuts)
        const err = pieces(Buffer.from(host.err), errCuts)
        const write = [
          () => out.forEach((piece) => void host.stdout.write(piece)),
          () => err.forEach((piece) => void host.stderr.write(piece)),
        ]
        for (const one of errFirst ? write.reverse() : write) one()
        const all = await Promise.all(answers)
        session.close()
        expect(all.map(({ err }) => err)).toEqual(said.map(({ err }) => err.trim()))
        for (const [i, { out }] of said.entries()) expect(all[i]?.out).toBe(`${out}\n`)
      }),
      { numRuns: 40 },
    )
  })
})

/** A buffer cut at these places, wherever they fall. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  )
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

describe('refusal', () => {
  it.each([
    [libvirt('err-libvirtd-down.txt'), 'libvirtd does not run', 'systemctl start libvirtd'],
    [libvirt('err-xen-not-a-dom0.txt'), 'this host is no Xen dom0', 'check "libvirt:" in the configuration'],
    [libvirt('err-migrate-unsafe.txt'), 'its disks are not known to be shared', 'copy them too'],
    [
      libvirt('err-migrate-unreachable-ssh.err'),
      'the source host does not reach the target by ssh',
      'check migrateTo',
    ],
    [xen('errors/virsh-not-root.err.txt'), 'this user may not use libvirt', 'adduser USER libvirt'],
    [
      "error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied",
      'this user may not use libvirt',
      'adduser USER libvirt',
    ],
    ['sh: 1: virsh: command not found', 'virsh is missing', 'apt-get install libvirt-clients'],
    ['env: ‘virsh’: No such file or directory', 'virsh is missing', 'apt-get install libvirt-clients'],
    [
      'error: no connection driver available for lxc:///system',
      'there is no such hypervisor here',
      'check "libvirt:" in the configuration',
    ],
    [
      'error: Disconnected from qemu:///system due to keepalive timeout',
      'libvirtd hangs',
      'systemctl status libvirtd',
    ],
    [
      'error: operation forbidden: read only access prevents virDomainCreate',
      'the connection is read-only',
      'adduser USER libvirt',
    ],
    [
      'error: Timed out during operation: cannot acquire state change lock (held by monitor=x)',
      'another job holds this machine',
      'systemctl restart libvirtd',
    ],
    [
      'error: Cannot recv data: Host key verification failed.: Connection reset by peer',
      'the source host does not reach the target by ssh',
      'check migrateTo',
    ],
  ])('of %j says what it means, in libvirt’s words too, and what to do', (text, means, mend) => {
    const { kind, host, reason, advice } = refusal('hv1', text)
    expect({ kind, host }).toEqual({ kind: 'refused', host: 'hv1' })
    expect(reason).toBe(`${means}: ${errorText(text)}`)
    expect(advice).toContain(mend)
  })

  it('gives libvirt’s words alone where nothing more is known', () => {
    expect(refusal('hv1', libvirt('err-unknown-domain.err'))).toMatchObject({
      reason: "failed to get domain 'nosuchdomain'",
      advice: '',
    })
  })
})

describe('asHostError', () => {
  it('keeps a HostError and makes one of anything else, printable', () => {
    const known = new HostError('auth', 'hv1', say`no`)
    expect(asHostError(known, 'hv2')).toBe(known)
    expect(asHostError(new Error('a\u001b[2J'), 'hv2')).toMatchObject({
      kind: 'exec',
      host: 'hv2',
      reason: 'a\\e[2J',
    })
    expect(asHostError('x', 'hv2')).toMatchObject({ reason: 'x' })
  })
})
