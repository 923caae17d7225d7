import { chmodSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Subject } from '../../src/actions/subjects.ts'
import { actions, wordOf } from '../../src/actions/table.ts'
import { exit } from '../../src/cli/exit.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { whoAmI } from '../../src/fleet/who.ts'
import { label } from '../../src/hosts/label.ts'
import { noSshd, Home as SshHome } from '../hosts/support/sshd.ts'
import { uuid } from '../support/facts.ts'
import { until } from '../support/until.ts'
import { Home } from './support/vdd.ts'

// The program as scripts call it: bin/vdd with the bundle in dist/, which `npm test` builds first.
let home: Home
beforeAll(() => {
  home = new Home()
})
afterAll(() => home.remove())

const vdd = (...args: string[]) => home.vdd(args)
const demo = (...args: string[]) => vdd('--demo', ...args)

/** What stands on standard error as JSON. */
const errorOf = (text: string) => (JSON.parse(text) as { error: { code: number; message: string } }).error

describe('vdd machine list', () => {
  it('gives every field of every machine as JSON, null where it is not known', async () => {
    const { code, out, err } = await demo('machine', 'list', '--json')
    expect({ code, err }).toEqual({ code: exit.ok, err: '' })
    const machines = JSON.parse(out) as Record<string, unknown>[]
    expect(machines).toHaveLength(20)
    for (const machine of machines)
      expect(Object.keys(machine)).toEqual(
        'uuid name title host alsoOn owner runsOn mayRunOn state reason vcpus cpuPercent memoryUsedKiB memoryKiB memoryMaxKiB nextStart diskBytesPerSecond netBytesPerSecond autostart persistent people graphics runningSince migration job stale seenAt'.split(
          ' ',
        ),
      )
    expect(machines.find(({ state }) => state === 'running')).toMatchObject({
      host: expect.stringMatching(/^hv\d$/),
      cpuPercent: expect.any(Number),
      netBytesPerSecond: { in: expect.any(Number), out: expect.any(Number) },
      stale: false,
      seenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    })
    expect(machines.find(({ state }) => state === 'shut off')).toMatchObject({
      cpuPercent: null,
      graphics: null,
      runningSince: null,
    })
  })

  it('is a table for people, and can be of one host', async () => {
    const { out } = await demo('machine', 'list', '--host', 'hv2')
    const [heading, ...rows] = out.trimEnd().split('\n')
    expect(heading).toMatch(
      /^NAME +STATE +HOST +SEEN +CPU +MEMORY +UP +NET in\/out +DISK r\/w +VCPU +AUTO +DISPLAY +TITLE$/,
    )
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) expect(row).toMatch(/ hv2 /)
  })

  it.each([
    ['machine', 'name,cpu', /^NAME +CPU$/],
    ['host', 'HOST,memory used/all', /^HOST +MEMORY used\/all$/],
    ['pool', '-used,-volumes', /^POOL +HOST +FREE +SIZE +PROVISIONED +FULL IN$/],
    ['display', 'user,machine', /^USER +MACHINE$/],
    ['frontend', 'state name', /^STATE +NAME$/],
    ['service', 'name, weight', /^SERVICE, REAL SERVER +WEIGHT$/],
    ['directory', 'name', /^NAME$/],
  ])('%s: has the columns that are named, as every list', async (noun, columns, heading) => {
    const { code, out } = await demo(noun, 'list', '--columns', columns)
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toMatch(heading)
    expect(out.trimEnd().split('\n').length).toBeGreaterThan(2)
  })

  it('says which column there is not, and what was probably meant', async () => {
    const { code, out, err } = await demo('host', 'list', '--columns', 'hots')
    expect({ code, out }).toEqual({ code: exit.usage, out: '' })
    expect(err).toMatch(/^vdd: --columns hots: no column hots\. Did you mean host\?\n/)
  })

  it.each([
    ['host', 'hv2', ['hv2']],
    ['pool', 'hv1,hv3', ['default', 'default']],
    // The other balancer has the same services, and would serve them.
    ['frontend', 'lb2', ['fe1', 'fe2', 'fe3']],
    ['frontend', 'fe2', ['fe2']],
    ['service', 'hv1', []],
    ['directory', 'fe1,ldap1', ['ldap1', 'fe1']],
  ])('%s: can be of hosts, as every list: %s', async (noun, hosts, names) => {
    const { code, out } = await demo(noun, 'list', '--host', hosts, '--json')
    expect(code).toBe(0)
    expect((JSON.parse(out) as { name: string }[]).map(({ name }) => name)).toEqual(names)
  })

  it('does not take a host that does not exist for an empty one', async () => {
    const { code, out, err } = await demo('machine', 'list', '--host', 'hv22')
    expect({ code, out }).toEqual({ code: exit.notFound, out: '' })
    expect(err).toBe('vdd: no host hv22\n     Did you mean hv2?\n')
  })
})

describe('the exit status', () => {
  it('is 0 for what was done, and what was done is said', async () => {
    const { code, out } = await demo('machine', 'pause', 'debian-kde-01', '--yes')
    expect(code).toBe(exit.ok)
    expect(out).toMatch(/^debian-kde-01: Pause: done in \d+\.\d s\n$/)
  })

  it('is 1 where the host refuses, with its reason and the advice', async () => {
    home.machines([
      {
        uuid: uuid(1),
        name: 'web1',
        refuses: "Requested operation is not valid: network 'lan' is not active",
      },
    ])
    const { code, err } = await vdd(
      '--config',
      join(home.path, 'vdd.yaml'),
      'machine',
      'start',
      'web1',
      '--yes',
    )
    expect(code).toBe(exit.failed)
    expect(err).toContain("network 'lan' is not active")
  })

  it.each([
    ['an unknown verb', ['machine', 'explode', 'x']],
    ['an unknown noun', ['explode']],
    ['an unknown option', ['machine', 'list', '--loud']],
    ['a missing machine', ['machine', 'start']],
    ['a missing host', ['machine', 'create', 'x']],
    ['a time that is none', ['machine', 'start', 'x', '--timeout', 'soon']],
    ['an interval that is none', ['--interval', '0', 'machine', 'list']],
    ['a change that nobody could confirm', ['--demo', 'machine', 'pause', 'debian-kde-01']],
    ['a file that is missing', ['--demo', 'machine', 'define', '/no/such.xml', '--host', 'hv1', '--yes']],
    ['a change that says of nothing how it shall be', ['--demo', 'machine', 'set', 'debian-kde-01', '--yes']],
    ['an address of no server', ['--demo', 'frontend', 'clone', 'fe1', '--address', '127.0.0.1', '--yes']],
    ['a console without a terminal', ['--demo', 'machine', 'console', 'debian-kde-01']],
    ['the full screen without a terminal', ['--demo']],
  ])('is 2 for %s', async (_what, args) => {
    const { code, out, err } = await vdd(...args)
    expect({ code, out }).toEqual({ code: exit.usage, out: '' })
    expect(err).not.toBe('')
  })

  it.each([
    ['a machine', ['machine', 'show', 'nosuch'], 'no machine nosuch; "vdd machine list" shows them'],
    ['a machine to change', ['machine', 'off', 'nosuch', '--yes'], 'no machine nosuch'],
    ['a host', ['host', 'check', 'nosuch'], 'no host nosuch; "vdd host list" shows them'],
    [
      'the host that is meant',
      ['machine', 'off', 'debian-kde-01', '--host', 'hv22', '--yes'],
      'no host hv22',
    ],
    ['the host of a new machine', ['machine', 'create', 'x', '--host', 'nosuch', '--yes'], 'no host nosuch'],
    ...['pool', 'network'].map((what): [string, string[], string] => [
      `a ${what} of the host`,
      ['machine', 'create', 'x', '--host', 'hv1', `--${what}`, 'nosuch', '--yes'],
      `no ${what} nosuch on hv1; there are `,
    ]),
    [
      'the terminal of a person',
      ['session', 'move', '6jkbor', '--to', 'nosuch', '--yes'],
      '--to nosuch: nina is not known to sit there',
    ],
  ])('is 3 where there is no such thing as %s', async (_what, args, message) => {
    const { code, err } = await demo(...args)
    expect(code).toBe(exit.notFound)
    expect(err).toContain(message)
  })

  it('is 4 where a host refuses the connection, and what is known is still printed', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    )
    await new Promise((resolve) => server.close(resolve))
    home.machines([{ uuid: uuid(1), name: 'web1' }])
    const file = home.write(
      'two.yaml',
      `hosts:\n  - name: here\n    local: true\n  - name: away\n    address: 127.0.0.1\n    port: ${port}\n`,
    )
    const { code, out, err } = await vdd('--config', file, 'machine', 'list', '--json')
    expect(code).toBe(exit.unreachable)
    expect((JSON.parse(out) as { name: string }[]).map(({ name }) => name)).toEqual(['web1'])
    expect(err).toMatch(/^vdd: away: .*refused/im)
    const hosts = await vdd('--config', file, 'host', 'list', '--json')
    expect(JSON.parse(hosts.out)).toMatchObject([
      { running: 0, machines: 1 },
      { running: null, machines: null },
    ])
    const table = await vdd('--config', file, 'host', 'list')
    expect(table.out).toMatch(/^away +down +- +-\/- +- +- +hypervisor /m)
    const missing = await vdd('--config', file, 'machine', 'show', 'nosuch', '--json')
    expect(missing.code).toBe(exit.unreachable)
    expect(errorOf(missing.err)).toMatchObject({ code: 4, message: expect.stringContaining('away: ') })
  })

  it.skipIf(noSshd)('is 4 where the key of a host is not known, with the line that mends it', async () => {
    const ssh = new SshHome()
    try {
      const server = ssh.server('away')
      await server.start()
      const file = home.write(
        'ssh.yaml',
        `ssh:\n  knownHosts: [${ssh.knownHosts}]\nhosts:\n  - name: away\n    address: 127.0.0.1\n    port: ${server.port}\n    identityFile: ${join(ssh.path, '.ssh/id_ed25519')}\n`,
      )
      const { code, out, err } = await vdd('--config', file, 'host', 'list', '--json')
      expect(code).toBe(exit.unreachable)
      expect(JSON.parse(out)).toMatchObject([
        { name: 'away', reachable: false, trouble: { kind: 'hostkey' } },
      ])
      expect(err).toMatch(/^vdd: away: .*SHA256:/m)
    } finally {
      await ssh.remove()
    }
  })

  it('is 5 where the change is not seen in time, and the next verb is named', async () => {
    const { code, err } = await demo('machine', 'shutdown', 'reactos-03', '--yes', '--timeout', '0.5')
    expect(code).toBe(exit.notSeen)
    expect(err).toContain('asked, but not seen after 0.5 s')
    expect(err).toContain('next: vdd machine off reactos-03')
  })

  it('is 6 where there is no configuration, and where it is wrong', async () => {
    const none = await vdd('machine', 'list')
    expect(none).toMatchObject({ code: exit.config, out: '' })
    expect(none.err).toContain('vdd config example')
    expect((await vdd('--config', '/no/such.yaml', 'machine', 'list')).code).toBe(exit.config)
    expect((await vdd('--config', home.write('bad.yaml', 'hosts: 5\n'), 'host', 'list')).code).toBe(
      exit.config,
    )
  })

  it('is 6 of "config check" for each file that is named and cannot be used, and for a name that is none', async () => {
    const open = home.write('open.secret', 'hush\n')
    const config = home.write(
      'files.yaml',
      `cluster: c\nradius: {secretFile: ${open}}\nhosts:\n${['rs1', 'rs2']
        .map(
          (name) =>
            `  - {name: ${name}, roles: [frontend], ldap: {bindDn: "cn=vdd,dc=example", passwordFile: /no/such, startTls: true}}\n`,
        )
        .join('')}`,
    )
    const { code, out, err } = await vdd('--config', config, 'config', 'check')
    expect({ code, out }).toEqual({ code: exit.config, out: '' })
    expect(err.match(/no such file/g)).toHaveLength(1)
    expect(err).toContain('open.secret: others may read it (chmod 600 ')
    const wrong = home.write('dn.yaml', 'cluster: c\nldap: {base: "example.org"}\nhosts: [{name: a}]\n')
    expect((await vdd('--config', wrong, 'config', 'check')).err).toMatch(
      /base: .*a distinguished name such as/,
    )
  })

  it('is 7 where the mode or the state does not allow it', async () => {
    const readOnly = await demo('--read-only', 'machine', 'off', 'debian-kde-01', '--yes')
    expect(readOnly).toEqual({
      code: exit.refused,
      out: '',
      err: 'vdd: debian-kde-01: this console is read-only\n',
    })
    const running = await demo('machine', 'start', 'debian-kde-01', '--yes')
    expect(running).toMatchObject({ code: exit.refused, err: 'vdd: debian-kde-01: it is running\n' })
  })

  it.each([
    ['the machine is there', ['machine', 'migrate', 'debian-kde-01', '--to', 'hv1'], '--to hv1: it is there'],
    ['it is on another host', ['machine', 'off', 'debian-kde-01', '--host', 'hv2'], '--host hv2: '],
    [
      'the name is taken',
      ['machine', 'create', 'debian-kde-01', '--host', 'hv1'],
      'there is a machine of this',
    ],
    ['the address is taken', ['frontend', 'clone', 'fe1', '--address', '10.0.0.12'], 'that is fe2 already'],
    ['it is in the service', ['service', 'add', '389', '--address', '10.0.0.12'], 'is there already'],
    [
      'the address is of a service',
      ['service', 'add', '389', '--address', '10.0.0.100'],
      'a virtual service',
    ],
  ])('is 7 for what could be, where %s', async (_what, args, message) => {
    const { code, err } = await demo(...args, '--yes')
    expect({ code, out: err.includes(message) ? message : err }).toEqual({ code: exit.refused, out: message })
    expect(err).not.toContain('See:')
  })

  it('is 2 for what can never be', async () => {
    const sizeless = await demo('machine', 'set', 'debian-kde-01', '--yes')
    expect(sizeless.err).toBe(
      'vdd: --vcpus <N> or --memory <SIZE> is needed\n     See: vdd help machine set\n',
    )
    const vcpus = await demo('machine', 'set', 'debian-kde-01', '--vcpus', 'many', '--yes')
    expect(vcpus).toMatchObject({
      code: exit.usage,
      err: expect.stringContaining('a whole number from 1 to 512'),
    })
  })
})

describe('a warning', () => {
  it('is told once, before it is done or after', async () => {
    const { code, out, err } = await demo('frontend', 'weight', 'fe1', '--weight', '0', '--yes')
    expect(code).toBe(exit.ok)
    expect(`${out}${err}`.match(/puts the configured weight back/g)).toHaveLength(1)
    expect(out).toMatch(/^fe1: Weight: done in [\d.]+ s\n$/)
  })
})

describe('errors with --json', () => {
  it('are one JSON object on standard error, and nothing on standard output', async () => {
    const { code, out, err } = await demo('machine', 'show', 'nosuch', '--json')
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(JSON.parse(err)).toEqual({
      error: { code: 3, message: 'no machine nosuch; "vdd machine list" shows them' },
    })
  })

  it('list the faults of a configuration', async () => {
    const file = home.write('faults.yaml', 'interval: 0\nhosts:\n  - name: a b\n')
    const { code, err } = await vdd('--config', file, 'config', 'check', '--json')
    expect(code).toBe(exit.config)
    expect(JSON.parse(err)).toMatchObject({
      error: {
        code: 6,
        faults: [
          expect.stringContaining(`${file}:1: interval: `),
          expect.stringContaining(`${file}:3: hosts[0].name: `),
        ],
      },
    })
  })
})

describe('--dry-run', () => {
  it('shows what would run, and runs nothing', async () => {
    const own = new Home()
    try {
      const file = own.machines([{ uuid: uuid(1), name: 'web1' }])
      const { code, out } = await own.vdd(['--config', file, 'machine', 'start', 'web1', '--dry-run'])
      expect({ code, out }).toEqual({ code: 0, out: `here$ virsh -c qemu:///system start ${uuid(1)}\n` })
      expect(own.ran()).toEqual([])
      await own.vdd(['--config', file, 'machine', 'start', 'web1', '--yes', '--no-wait'])
      expect(own.ran()).toEqual([['start', uuid(1)]])
    } finally {
      own.remove()
    }
  })

  it('gives the exact words as JSON, and what they read from standard input', async () => {
    const { out } = await demo('machine', 'create', 'kiosk-1', '--host', 'hv1', '--dry-run', '--json')
    expect(JSON.parse(out)).toMatchObject({
      action: 'create',
      steps: [
        { host: 'hv1', argv: expect.arrayContaining(['vol-create-as']), input: null },
        {
          host: 'hv1',
          argv: expect.arrayContaining(['define', '--validate', '/dev/stdin']),
          input: expect.stringContaining('<name>kiosk-1</name>'),
        },
      ],
    })
  })

  it('takes several machines', async () => {
    const { out } = await demo('machine', 'off', 'debian-kde-01', 'debian-kde-02', '--dry-run')
    expect(out.trimEnd().split('\n')).toHaveLength(2)
  })

  it('names in JSON everybody whom it hits, each once with all that they have there', async () => {
    const { out } = await demo('machine', 'migrate', 'debian-kde-01', '--to', 'hv2', '--dry-run', '--json')
    const { hits, warnings } = JSON.parse(out)
    expect(hits).toMatchObject({ connections: 0, through: 0, notKnownOf: [] })
    const named = hits.people.map(({ user }: { user: string }) => user)
    expect(named).toEqual(['anna', 'jana', 'teresa', 'vito'])
    expect(hits.people.at(-1)).toEqual({
      user: 'vito',
      sessions: [
        { name: 'vito/tty2', kind: 'text', terminal: 'tty2', machine: 'debian-kde-01', host: 'ds1' },
      ],
    })
    expect(warnings[0]).toMatch(/^4 people are working on it: anna .*vito \(tty2\)$/)
    const start = await demo('machine', 'start', 'debian-kde-03', '--dry-run', '--json')
    expect(JSON.parse(start.out)).toMatchObject({ hits: null })
  })
})

describe('what runs on a hypervisor', () => {
  it('is told of sessions and displays, too, and who works on a machine with it', async () => {
    const names = async (...words: string[]) =>
      (JSON.parse((await demo(...words, '--json')).out) as { name: string }[]).map(({ name }) => name)
    expect(await names('session', 'list', '--host', 'hv1')).toContain('vito/tty2')
    expect(await names('session', 'list', '--host', 'hv2')).not.toContain('vito/tty2')
    expect(await names('display', 'list', '--host', 'hv1')).toContain(':10')
    expect(await names('display', 'list', '--host', 'hv2')).not.toContain(':10')
    const { out } = await demo('machine', 'show', 'debian-kde-01')
    expect(out).toMatch(/People +4: anna \(term1\), jana \(term10\), teresa \(term19\), vito \(tty2\)/)
  })
})

describe('the result of a change', () => {
  it('shows a name as any other text, and gives it in JSON as libvirt has it', async () => {
    const own = new Home()
    try {
      const file = own.machines([{ uuid: uuid(1), name: 'a\\b' }])
      const start = ['--config', file, 'machine', 'start', 'a\\b', '--yes', '--no-wait']
      expect((await own.vdd(start)).out).toBe('a\\\\b: Start: done\n')
      const { out } = await own.vdd([...start, '--json'])
      expect((JSON.parse(out) as { name: string }[])[0]?.name).toBe('a\\b')
    } finally {
      own.remove()
    }
  })
})

describe('--json of a change', () => {
  it('tells how each ended', async () => {
    const { code, out } = await demo('machine', 'pause', 'debian-kde-01', 'debian-kde-02', '--yes', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual([
      {
        name: 'debian-kde-01',
        host: 'hv1',
        ok: true,
        outcome: 'done',
        message: expect.stringMatching(/^done in/),
        advice: null,
        warnings: [expect.stringMatching(/^6 people are working on them: anna /)],
      },
      {
        name: 'debian-kde-02',
        host: 'hv2',
        ok: true,
        outcome: 'done',
        message: expect.stringMatching(/^done in/),
        advice: null,
        warnings: [],
      },
    ])
  })
})

describe('vdd undo', () => {
  it('follows no journal that others may write without saying so', async () => {
    const own = new Home()
    const file = own.machines([{ uuid: uuid(1), name: 'web1', state: 1 }])
    const name = join(own.path, '.local/state/vdd/test.db')
    const journal = new Journal(name, { waits: true })
    const undo = { verb: 'off', answers: {}, ids: [uuid(1)] }
    const change = { batch: '1', verb: 'start', target: uuid(1), isEnded: true, undo }
    const text = label('start: done')
    const who = whoAmI()
    journal.add({
      at: 1,
      kind: 'did',
      severity: 'info',
      host: 'here',
      name: label('web1'),
      text,
      who,
      change,
    })
    journal.close()
    try {
      chmodSync(name, 0o660)
      const given = await own.vdd(['--config', file, 'undo', '--yes'])
      expect(given.code).toBe(exit.refused)
      expect(given.err).toContain('others of its group may write the journal')
      const shown = await own.vdd(['--config', file, 'undo', '--dry-run'])
      expect(shown.err).toContain('others of its group may write the journal')
      chmodSync(name, 0o600)
      const { code, err } = await own.vdd(['--config', file, 'undo', '--dry-run'])
      expect({ code, err }).not.toMatchObject({ err: expect.stringContaining('may write') })
    } finally {
      own.remove()
    }
  })
})

describe('machines with hostile names', () => {
  const hostile = [`-rf`, `it's $(reboot)`, '\u001b[2J\u009b31m\u007f', '\u202egnp.exe', 'a\\n', '  padded']

  it('are printed in the table as harmless text', async () => {
    const file = home.machines(hostile.map((name, i) => ({ uuid: uuid(i), name })))
    const { code, out } = await vdd('--config', file, 'machine', 'list')
    expect(code).toBe(0)
    expect(out).not.toMatch(/[^\n\x20-\x7e]/)
    for (const shown of [
      '-rf',
      `it's $(reboot)`,
      '\\e[2J\\x9b31m\\x7f',
      '\\u{202e}gnp.exe',
      'a\\\\n',
      '  padded',
    ])
      expect(out).toContain(shown)
  })

  it('are whole in JSON, with what could move a cursor escaped', async () => {
    const file = home.machines(hostile.map((name, i) => ({ uuid: uuid(i), name })))
    const { out } = await vdd('--config', file, 'machine', 'list', '--json')
    expect(out).not.toMatch(/[^\n\x20-\x7e]/)
    expect(out).toContain('\\u009b31m\\u007f')
    expect(out).toContain('\\u202egnp.exe')
    expect((JSON.parse(out) as { name: string }[]).map(({ name }) => name).sort()).toEqual(
      [...hostile].sort(),
    )
  })

  it('are found by their true names, also behind "--"', async () => {
    const file = home.machines(hostile.map((name, i) => ({ uuid: uuid(i), name })))
    const { code, out } = await vdd('--config', file, 'machine', 'start', '--dry-run', '--', ...hostile)
    expect(code).toBe(0)
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => /[\da-f-]{36}(?= {2}# )/.exec(line)?.[0]),
    ).toEqual(hostile.map((_, i) => uuid(i)))
  })

  it('do not reach the terminal by an error either', async () => {
    const file = home.machines([{ uuid: uuid(1), name: '\u001b[2J', state: 1 }])
    const { code, err } = await vdd('--config', file, 'machine', 'start', '--yes', '--', '\u001b[2J')
    expect(code).toBe(exit.refused)
    expect(err).not.toContain('\u001b')
    const missing = await vdd('--config', file, 'machine', 'show', '\u001b[31m\u202e')
    expect(missing.err).not.toMatch(/[^\n\x20-\x7e]/)
  })
})

describe('vdd config', () => {
  it('says of a good file that it is good', async () => {
    const file = home.write('good.yaml', 'cluster: school\nhosts:\n  - name: a\n  - name: b\n')
    expect(await vdd('--config', file, 'config', 'check')).toEqual({
      code: 0,
      out: `${file}: good; cluster school, 2 hosts: a, b\n`,
      err: '',
    })
  })

  it('says all that is wrong, a line each', async () => {
    const file = home.write('wrong.yaml', 'colour: red\nhosts:\n  - name: a\n    port: x\n')
    const { code, out, err } = await vdd('--config', file, 'config', 'check')
    expect({ code, out }).toEqual({ code: exit.config, out: '' })
    expect(
      err
        .trim()
        .split('\n')
        .map((line) => line.replace(/^vdd: |^ +/, '')),
    ).toEqual(
      expect.arrayContaining([
        `${file}:1: colour: no such setting`,
        `${file}:4: hosts[0].port: expected a number, found a string`,
      ]),
    )
  })

  it('prints an example that passes its own check', async () => {
    const { out } = await vdd('config', 'example')
    expect((await vdd('--config', home.write('example.yaml', out), 'config', 'check')).code).toBe(0)
  })

  it('names the file that is used, or where it looked', async () => {
    expect(await vdd('config', 'path')).toMatchObject({
      code: exit.config,
      out: expect.stringContaining('/etc/vdd/vdd.yaml'),
    })
    const file = home.write('used.yaml', 'hosts:\n  - name: a\n')
    expect(await vdd('--config', file, 'config', 'path')).toMatchObject({ code: 0, out: `${file}\n` })
  })
})

describe('vdd host', () => {
  it('lists the hosts with what they carry', async () => {
    const { code, out } = await demo('host', 'list', '--json')
    expect(code).toBe(0)
    const hosts = JSON.parse(out) as { name: string; roles: string[] }[]
    expect(hosts.map(({ name }) => name)).toEqual([
      'hv1',
      'hv2',
      'hv3',
      'lb1',
      'lb2',
      'ldap1',
      'ds1',
      'fe1',
      'fe2',
      'fe3',
    ])
    for (const host of hosts) {
      const driver = host.roles.includes('hypervisor') ? 'qemu' : null
      expect(host).toMatchObject({ reachable: true, trouble: null, driver, machines: expect.any(Number) })
    }
    expect(hosts[3]?.roles).toEqual(['balancer', 'pacemaker'])
  })
})

describe('vdd directory', () => {
  it('lists each server with what it does, and how far it is behind', async () => {
    const { code, out } = await demo('directory', 'list')
    expect(code).toBe(0)
    expect(out).toMatch(/^NAME +ROLE +STATE +BEHIND +ANSWER +CONN +OPS\/s +ENTRIES +NOTE$/m)
    expect(out).toMatch(/^ldap1 +provider +answers +0s /m)
    const all = JSON.parse((await demo('directory', 'list', '--json')).out)
    expect(all[1]).toMatchObject({ name: 'fe1', role: 'consumer', lagSeconds: 0, check: { ok: true } })
    expect(all[1].operationsPerSecond.search).toBeGreaterThanOrEqual(0)
  })

  it('shows one in full', async () => {
    const { code, out } = await demo('directory', 'show', 'fe2')
    expect(code).toBe(0)
    expect(out).toMatch(/^Name +fe2$/m)
    expect(out).toMatch(/^OPERATION +\/s +COMPLETED +UNDER WAY$/m)
    expect(JSON.parse((await demo('directory', 'show', 'fe2', '--json')).out)).toMatchObject({ name: 'fe2' })
  })

  it('fails when one is further behind than allowed, and names servers that are none', async () => {
    expect((await demo('directory', 'lag', '--max', '1')).code).toBe(0)
    const { code, err } = await demo('directory', 'check', 'nowhere')
    expect(code).toBe(3)
    expect(err).toContain('no directory server nowhere; "vdd directory list" shows them')
  })
})

describe('--help of a change', () => {
  it('tells what is taken where nothing is said, and what has to be', async () => {
    const help = (await demo('frontend', 'add', '--help')).out.replace(/\s+/g, ' ')
    expect(help).toContain('its address, with its port if that is different (needed)')
    expect(help).toContain('(default: as the first of the others; masq with a port of its own)')
    expect(help).toContain('weight (default: 1)')
  })
})

describe('vdd alert', () => {
  it('lists what is wrong, and takes that somebody cares', async () => {
    const { code, out } = await demo('alert', 'list')
    expect(code).toBe(0)
    expect(out).toMatch(/^bad +exam-01 +crashed on hv1/m)
    const acknowledged = await demo('alert', 'acknowledge', 'exam-01', '--note', 'known', '--json')
    expect(JSON.parse(acknowledged.out)).toMatchObject([{ name: 'exam-01', acknowledged: { note: 'known' } }])
    expect((await demo('alert', 'acknowledge', 'nothing')).code).toBe(3)
  })
})

describe('vdd frontend', () => {
  it('lists each front end in each service, as JSON with its descriptors', async () => {
    const { code, out } = await demo('frontend', 'list')
    expect(code).toBe(0)
    expect(out).toMatch(
      /^NAME +ROLE +STATE +PORT:WEIGHT +ACTIVE +LDAP +LAG +RADIUS +INACT +CONN\/s +DESCRIPTORS +OF LIMIT +LOAD +CPU +BYTES in +BALANCER$/m,
    )
    expect(out).toMatch(/^fe1 +frontend +in service +389,1812:4 .* lb1$/m)
    const [fe1] = JSON.parse((await demo('frontend', 'list', '--json')).out)
    expect(fe1).toMatchObject({ name: 'fe1', host: 'fe1', address: '10.0.0.11' })
    expect(fe1).toMatchObject({ lagSeconds: 0, ldapTrouble: null, radiusTrouble: null })
    expect([fe1.ldapSeconds, fe1.radiusSeconds].every((seconds) => seconds >= 0 && seconds < 10)).toBe(true)
    expect(fe1.fds).toMatchObject([
      { process: 'slapd', limit: 1024, exhaustedInSeconds: null },
      { process: 'freeradius' },
    ])
  })

  it('shows what a drain would run, on both balancers', async () => {
    const { code, out } = await demo('frontend', 'drain', 'fe1', '--dry-run')
    expect({ code, out }).toEqual({
      code: 0,
      out: 'lb1$ touch -- /etc/ha.d/maintenance/10.0.0.11\nlb2$ touch -- /etc/ha.d/maintenance/10.0.0.11\n',
    })
  })

  it('drains, waits for the connections, and says of a front end that is none which may be meant', async () => {
    const done = await demo('frontend', 'drain', 'fe3', '--yes', '--and-wait')
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^fe3: Drain: done in /) })
    const none = await demo('frontend', 'drain', 'fe9', '--yes')
    expect(none).toMatchObject({ code: 3, err: expect.stringContaining('Did you mean fe1, fe2 or fe3?') })
  })
})

describe('vdd load', () => {
  it('asks all that it can, and tells each second and the whole in 80 columns', async () => {
    const { code, out } = await demo('load', '--for', '1.5', '--rate', '40')
    const lines = out.trimEnd().split('\n')
    expect(code).toBe(exit.ok)
    expect(lines[0]).toMatch(
      /^LDAP at TCP \S+:389, RADIUS at UDP \S+:1812: 10 connections, 40 requests a second each$/,
    )
    expect(lines[1]).toMatch(/^TIME +DUE +ANSWERED +FAILED +P50 +P95 +P99 +WHY$/)
    expect(lines[2]).toMatch(/^\d\d:\d\d:\d\d +\d+ +\d+ +0( +[\d.]+m?s){3}$/)
    expect(lines.at(-1)).toMatch(
      /^120 requests in \d\.\d s: 120 answered, 0 failed; p50 [\d.]+m?s, p95 .*, p99 /,
    )
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80 + (line === lines[0] ? 20 : 0))
  })

  it('is one object a line as JSON, the last of all of it', async () => {
    const { out } = await demo('load', '389', '--for', '1', '--rate', '30', '--json')
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.at(-1)).toMatchObject({ what: 'summary', due: 30, answered: 30, failed: 0, failures: [] })
    expect(lines[0]).toMatchObject({
      what: 'second',
      p50Seconds: expect.any(Number),
      at: expect.stringMatching(/Z$/),
    })
  })

  it('ends on Ctrl-C with what was counted', async () => {
    const child = home.begin(['--demo', 'load', '--for', '600'])
    let out = ''
    child.stdout?.on('data', (piece: Buffer) => {
      out += piece.toString()
    })
    await until('the first second', () => /\d\d:\d\d:\d\d /.test(out))
    child.kill('SIGINT')
    const { exitCode } = await child
    expect([exitCode, out.trimEnd().split('\n').at(-1)]).toEqual([
      exit.ok,
      expect.stringMatching(/^\d+ requests in .*: \d+ answered, 0 failed/),
    ])
  })

  it.each([
    [['10.0.0.99:389'], exit.notFound, /no virtual service 10\.0\.0\.99:389/],
    [['hv1'], exit.notFound, /no virtual service hv1/],
    [['1812', '--from', 'fe1'], exit.refused, /RADIUS goes by UDP, which ssh does not carry: not from fe1/],
    [['389', '--from', 'fe9'], exit.notFound, /no host fe9/],
    [['389', '--rate', '100000'], exit.usage, /--rate 100000: requests a second, at most 5000/],
    [['389', '--connections', '0'], exit.usage, /at most 1000/],
    [['389', '--read-only'], exit.refused, /read-only/],
  ])('goes nowhere but to virtual services, and not at any rate: %j', async (words, status, said) => {
    expect(await demo('load', ...words)).toMatchObject({
      code: status,
      out: '',
      err: expect.stringMatching(said),
    })
  })
})

describe('vdd drill', () => {
  it('breaks nothing where the configuration does not say that drills are allowed', async () => {
    const file = home.write('no-drills.yaml', 'hosts:\n  - {name: fe1, local: true, roles: [directory]}\n')
    expect(await vdd('--config', file, 'drill', 'frontend', 'fe1', '--yes', 'fe1')).toEqual({
      code: exit.refused,
      out: '',
      err: 'vdd: this cluster says nowhere that drills are allowed (drills: allowed in the configuration)\n',
    })
    expect(await demo('drill', 'frontend', 'fe1', '--read-only')).toMatchObject({
      code: exit.refused,
      err: expect.stringContaining('read-only'),
    })
    expect(await demo('drill', 'frontend', 'fe1', '--for', '3600')).toMatchObject({ code: exit.usage })
  })
})

describe('vdd drill where drills are allowed', () => {
  it.each([
    ['frontend', 'fe9', exit.notFound, 'no front end fe9'],
    ['node', 'fe9', exit.notFound, 'no cluster node fe9'],
    ['link', 'fe9', exit.notFound, 'no host fe9'],
  ])('says soon that there is no such thing: %s %s', async (kind, name, code, said) => {
    const hosts = 'drills: allowed\nhosts:\n  - {name: here, local: true, roles: [directory]}\n'
    const file = home.write('drills.yaml', hosts)
    expect(await vdd('--config', file, 'drill', kind, name, '--yes', name)).toMatchObject({
      code,
      out: '',
      err: expect.stringContaining(said),
    })
  })
})

describe('vdd fd', () => {
  it('lists what is open and the limits, and watches for a while', async () => {
    const { out } = await demo('fd', 'list')
    expect(out).toMatch(/^fe2 +slapd +612 +openldap +\d+ +1024 +[\d.]+%$/m)
    const watched = await demo('fd', 'watch', '--json', '--for', '0.5')
    expect(
      watched.out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).host),
    ).toContain('fe3')
  })
})

describe('vdd events', () => {
  it('shows what was done, by whom, with the plan', async () => {
    const own = new Home()
    try {
      const file = own.machines([{ uuid: uuid(1), name: 'web1', refuses: 'no' }])
      await own.vdd(['--config', file, 'machine', 'start', 'web1', '--yes'])
      const { code, out } = await own.vdd(['--config', file, 'events', '--json'])
      expect(code).toBe(0)
      expect(JSON.parse(out)).toMatchObject([
        { kind: 'did', host: 'here', name: 'web1', text: 'start: begun', who: expect.stringContaining('@') },
        { severity: 'warning', plan: [`here$ virsh -c qemu:///system start ${uuid(1)}`] },
      ])
      const text = await own.vdd(['--config', file, 'events', '--last', '1'])
      expect(text.out.trimEnd().split('\n')).toHaveLength(1)
    } finally {
      own.remove()
    }
  })

  it('says which one it is that a log tells better, as it goes on', async () => {
    const own = new Home()
    const file = own.machines([])
    const journal = new Journal(join(own.path, '.local/state/vdd/test.db'), { waits: true })
    const common = { kind: 'seen', severity: 'bad', host: 'here', type: 'node.lost' } as const
    const about = { kind: 'node', id: 'here+there there' } as const
    const following = own.begin(['--config', file, 'events', '--follow', '--json'])
    let out = ''
    following.stdout.on('data', (piece) => {
      out += piece
    })
    const lines = () =>
      out
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    try {
      const at = Date.now()
      journal.add({ ...common, about, at, text: label('offline') })
      await expect.poll(lines).toMatchObject([{ text: 'offline', instead: null }])
      const to = { inode: '1', head: '', headLength: 0, offset: 1, isInLine: false, written: 0 }
      const told = { ...common, about, at: at - 2_000, source: 'pacemaker', raw: label('lost') } as const
      journal.takeLog({
        host: 'here',
        file: 'log',
        from: undefined,
        to,
        entries: [{ ...told, text: label('is lost') }],
      })
      await expect.poll(lines).toMatchObject([
        { id: 1, text: 'offline' },
        { id: 2, text: 'is lost', instead: 1 },
      ])
    } finally {
      following.kill('SIGKILL')
      journal.close()
      own.remove()
    }
  })

  it('goes on with what happens, and only with what is wanted', async () => {
    const own = new Home()
    const file = own.machines([])
    const journal = new Journal(join(own.path, '.local/state/vdd/test.db'), { waits: true })
    const add = (severity: 'bad' | 'info', text: string) =>
      journal.add({ at: Date.now(), kind: 'seen', severity, host: 'here', text: label(text) })
    add('bad', 'long ago')
    const following = own.begin(['--config', file, 'events', '--follow', '--last', '0', '--severity', 'bad'])
    let out = ''
    following.stdout.on('data', (piece) => {
      out += piece
    })
    try {
      await expect
        .poll(() => {
          add('info', 'all is well')
          add('bad', 'on fire')
          return out
        })
        .toContain('bad      here  on fire\n')
      following.kill('SIGTERM')
      expect((await following).exitCode).toBe(143)
      expect(out).not.toMatch(/long ago|all is well/)
    } finally {
      following.kill('SIGKILL')
      journal.close()
      own.remove()
    }
  })
})

describe('vdd service', () => {
  it('lists what the balancers serve, and shows one by its name or its port', async () => {
    const { code, out } = await demo('service', 'list', '--json')
    expect(code).toBe(0)
    const [ldap] = JSON.parse(out)
    expect(ldap).toMatchObject({
      name: 'TCP 10.0.0.100:389',
      balancer: 'lb1',
      scheduler: 'sed',
      fallback: null,
      reals: [{ name: 'fe1', real: '10.0.0.11:389', state: 'in service', weight: 4 }, {}, {}],
    })
    const shown = await demo('service', 'show', '389')
    expect(shown.out).toMatch(/^Service +TCP 10\.0\.0\.100:389$/m)
    expect(shown.out).toMatch(/^Balancers +lb1 holds the address.*; lb2 stands by/m)
    const none = await demo('service', 'show', '388')
    expect(none).toMatchObject({
      code: exit.notFound,
      err: expect.stringContaining('Did you mean 389?'),
    })
  })

  it('shows what an addition would change, and what it brings with it, without a password or a change', async () => {
    const words = ['add', '389', '--address', '10.0.0.77', '--dry-run']
    const { code, out, err } = await demo('frontend', ...words)
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining('takes connections for about a second before its first check'),
    })
    expect(out).toContain('| +  real=10.0.0.77:389 gate 1')
    const asJson = JSON.parse((await demo('service', ...words, '--json')).out)
    expect(asJson.warnings).toHaveLength(1)
    const dd = asJson.steps.find(({ argv }: { argv: string[] }) => argv[0] === 'dd')
    expect(dd).toMatchObject({ input: null, shown: expect.arrayContaining(['+  real=10.0.0.77:389 gate 1']) })
  })

  it('adds, clones and removes by the verbs of front ends', async () => {
    const cloned = await demo('frontend', 'clone', 'fe1', '--address', '10.0.0.77', '--yes')
    expect(`${cloned.out}${cloned.err}`).toMatch(/^fe1: Clone: done in/)
    const cut = await demo('frontend', 'remove', 'fe1', '--service', '389', '--yes')
    expect(cut).toMatchObject({
      code: exit.refused,
      err: expect.stringMatching(/its \d+ open connections have ended/),
    })
    const removed = await demo('frontend', 'remove', 'fe1', '--service', '389', '--yes', '--force')
    expect(`${removed.out}${removed.err}`).toMatch(/^fe1: Remove: done in/)
    const taken = await demo('frontend', 'clone', 'fe1', '--address', '10.0.0.12', '--yes')
    expect(taken).toMatchObject({ code: exit.refused, err: expect.stringContaining('that is fe2 already') })
  })
})

describe('--help', () => {
  it('names every verb', async () => {
    // A host's actions make machines, what is done with nodes and resources is done with their cluster, and drills are a noun of their own.
    const elsewhere: Partial<Record<Subject, string>> = {
      host: 'machine',
      node: 'cluster',
      resource: 'cluster',
    }
    const own = actions.filter(({ apart }) => !apart)
    const nouns = Map.groupBy(own, ({ subject }) => elsewhere[subject] ?? subject)
    for (const [noun, own] of nouns) {
      const { code, out } = await vdd(noun, '--help')
      expect(code).toBe(0)
      for (const { help, ...named } of own) {
        expect(out).toMatch(new RegExp(`^  ${wordOf(named)} `, 'm'))
        expect(out.replace(/\s+/g, ' ')).toContain(help)
      }
    }
    const all = await vdd('--help')
    for (const noun of [
      'machine',
      'host',
      'balancer',
      'frontend',
      'service',
      'directory',
      'alert',
      'fd',
      'events',
      'config',
      'demo',
    ])
      expect(all.out).toMatch(new RegExp(`^  ${noun}`, 'm'))
  })

  it('names the questions of an action as options', async () => {
    const { out } = await vdd('machine', 'migrate', '--help')
    for (const option of [
      '--to <HOST|each>',
      '--storage <shared|copy|unsafe>',
      '--yes',
      '--dry-run',
      '--no-wait',
      '--timeout',
    ])
      expect(out).toContain(option)
  })

  it('has a version', async () => {
    expect((await vdd('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
