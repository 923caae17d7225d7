import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { example } from '../../src/config/example.ts'
import { fileFaults } from '../../src/config/files.ts'
import { ConfigError, load, parse, searchPath } from '../../src/config/load.ts'
import { asNobody } from '../support/as-nobody.ts'

/** The faults of a text, without the name of the file. */
function faults(text: string): string[] {
  try {
    parse(text, 'vdd.yaml')
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    const { faults, file, message } = error as ConfigError
    expect(file).toBe('vdd.yaml')
    expect(message).toBe(faults.join('\n'))
    for (const fault of faults) expect(fault).toMatch(/^vdd\.yaml:\d+: /)
    return faults.map((fault) => fault.replace('vdd.yaml:', ''))
  }
}

const hosts = 'hosts:\n  - name: a\n'

describe('parse', () => {
  it('fills in what is not said', () => {
    expect(parse(hosts, 'f')).toEqual({
      cluster: 'cluster',
      readOnly: false,
      drills: 'refused',
      typeCountAbove: 5,
      keepHistory: false,
      interval: 1,
      ssh: {},
      views: {},
      hosts: [{ name: 'a', roles: ['hypervisor'], local: false, libvirt: 'qemu:///system' }],
    })
  })

  it('loads the example that "config example" prints', () => {
    const { cluster, hosts } = parse(example, 'example')
    expect(cluster).toBe('school')
    expect(hosts.map(({ name, migrateTo }) => [name, migrateTo])).toEqual([
      ['host1', 'qemu+ssh://root@host1.example.org/system'],
      ['host2', 'qemu+ssh://root@host2.example.org/system'],
    ])
  })

  it('loads the example with all that is commented out, too', () => {
    const settings = example
      .split('\n')
      .map((line) => line.replace(/^( *)# (?=(?: *- )?[a-zA-Z]+:(?: |$))/, '$1'))
      .map((line) => line.replace(/^( {2})# {3}(?=local:|roles:|sudo:|serves:|vdd:)/, '$1  '))
      .map((line) =>
        line.replace(
          /^# {3}(?=configFile|knownHosts|bindDn|passwordFile|startTls|base|secretFile|machines|systems)/,
          '  ',
        ),
      )
      .map((line) => line.replace(/^# {5}(?=- name: (?:office|lab)| {2})/, '    '))
      .join('\n')
    expect(faults(settings)).toEqual([])
    expect(parse(settings, 'example')).toMatchObject({
      readOnly: true,
      views: { machines: { columns: expect.arrayContaining(['title']) } },
      journal: '/var/lib/vdd/journal.db',
      alerts: { run: ['/usr/local/sbin/call', 'on-duty'], severity: 'warning', hold: 900_000, limit: 30_000 },
      ssh: { configFile: '/etc/vdd/ssh_config' },
      desk: {
        systems: [
          { name: 'office', ready: 1 },
          { name: 'lab', groups: ['teachers'] },
        ],
      },
      hosts: [
        { user: 'operator', port: 22 },
        {},
        { roles: ['balancer'], sudo: true },
        { roles: ['frontend'], serves: ['10.0.0.11'] },
        { roles: ['directory'] },
        { roles: ['display'], vdd: '/usr/local/bin/vdd' },
        { name: 'here', local: true },
      ],
    })
  })

  it.each([
    ['a setting that does not exist', `${hosts}colour: red\n`, ['3: colour: no such setting']],
    [
      'such a setting of a host',
      'hosts:\n  - name: a\n    adress: x\n',
      ['3: hosts[0].adress: no such setting. Did you mean address?'],
    ],
    [
      'a command as a shell would read it',
      `alerts: {run: call on-duty}\n${hosts}`,
      ['1: alerts.run: expected a list such as [/usr/local/sbin/call, on-duty], found a string'],
    ],
    ['no command', `alerts: {run: []}\n${hosts}`, ['1: alerts.run: expected at least the program']],
    [
      'one that may take for ever',
      `alerts: {run: [a], limit: 1h, hold: 5}\n${hosts}`,
      ['1: alerts.hold: expected a time such as 30m, 2h or 1d', '1: alerts.limit: expected at most 10m'],
    ],
    [
      'one that is near',
      `${hosts}readonly: true\n`,
      ['3: readonly: no such setting. Did you mean readOnly?'],
    ],
    [
      'such settings of ssh, the LDAP of all and of a host, and its RADIUS',
      'ssh: {configfile: a}\nldap: {base: dc=a, bindDN: b}\nhosts:\n  - name: a\n    ldap: {starttls: true}\n    radius: {secretfile: a}\n',
      [
        '1: ssh.configfile: no such setting. Did you mean configFile?',
        '2: ldap.bindDN: no such setting. Did you mean bindDn?',
        '5: hosts[0].ldap.starttls: no such setting. Did you mean startTls?',
        '6: hosts[0].radius.secretfile: no such setting. Did you mean secretFile?',
        '6: hosts[0].radius: expected a secretFile here or in radius for all',
      ],
    ],
    [
      'a vdd of a display server that is an option',
      'hosts:\n  - {name: a, roles: [display], vdd: -n vdd}\n',
      ['2: hosts[0].vdd: expected the path of a program, or its name'],
    ],
    ['no hosts', 'cluster: a\n', ['1: hosts: expected a list, found nothing']],
    ['an empty file', '', ['1: hosts: expected a list, found nothing']],
    ['a file with a list', '- a\n', ['1: the file: expected an object, found a list']],
    ['a list that is empty', 'cluster: x\nhosts: []\n', ['2: hosts: expected at least one host']],
    [
      'a host without a name',
      'hosts:\n  - local: true\n',
      ['2: hosts[0].name: expected a string, found nothing'],
    ],
    [
      'a host that is a word',
      'hosts:\n  - a\n',
      ['2: hosts[0]: expected a host such as {name: host1}, found a string'],
    ],
    [
      'a port that is a word',
      `${hosts}    port: ssh\n`,
      ['3: hosts[0].port: expected a number, found a string'],
    ],
    [
      'half a port',
      `${hosts}    port: 22.5\n`,
      ['3: hosts[0].port: expected a whole number, found a number'],
    ],
    ['a port too high', `${hosts}    port: 70000\n`, ['3: hosts[0].port: expected at most 65535']],
    ['an interval too short', `${hosts}interval: 0.01\n`, ['3: interval: expected at least 0.2']],
    [
      'a role that does not exist',
      `${hosts}    roles: [hypervisor, king]\n`,
      [
        '3: hosts[0].roles[1]: expected one of hypervisor, balancer, frontend, directory, display, pacemaker, heartbeat, keepalived',
      ],
    ],
    [
      'a name that cannot be an identifier',
      'hosts:\n  - name: -rf\n',
      [
        '2: hosts[0].name: expected letters, digits, ".", "_" and "-", at most 63, starting with a letter or digit',
      ],
    ],
    [
      'a URI that is none',
      `${hosts}    libvirt: here\n`,
      ['3: hosts[0].libvirt: expected a libvirt URI such as qemu:///system or xen:///system'],
    ],
    [
      'a name twice',
      'hosts:\n  - name: a\n  - name: b\n  - name: a\n',
      ['4: hosts[2].name: expected a name of its own; a is taken'],
    ],
    [
      'a truth that is none',
      `${hosts}readOnly: maybe\n`,
      ['3: readOnly: expected a boolean, found a string'],
    ],
  ])('tells file, line, key and what was expected of %s', (_what, text, expected) => {
    expect(faults(text)).toEqual(expected)
  })

  describe('lets no password over the network without TLS', () => {
    const account = 'bindDn: "cn=vdd,dc=example", passwordFile: /p'
    const one = (ldap: string, more = '') =>
      faults(`hosts:\n  - name: fe1\n    roles: [frontend]\n${more}    ldap: {${ldap}}\n`)
    const refused = [
      expect.stringMatching(
        /^\d: hosts\[0\]\.ldap: expected startTls: true, .*"insecure: true" allows that$/,
      ),
    ]

    it.each([
      [account],
      [`url: "ldap://fe1.example.org", ${account}`],
      [`url: "ldap://127.0.0.1.example.org", ${account}`],
      [`url: "ldap://fe1", throughSsh: true, ${account}`],
      [`startTls: false, ${account}`],
    ])('refuses %s', (ldap) => expect(one(ldap)).toEqual(refused))

    it.each([
      ['url: "ldap://fe1"'],
      [`startTls: true, ${account}`],
      [`insecure: true, ${account}`],
      [`throughSsh: true, ${account}`],
      [`url: "ldaps://fe1", ${account}`],
      [`url: "ldapi:///", ${account}`],
      [`url: "ldap://127.0.0.1:389", ${account}`],
      [`url: "ldap://[::1]/", ${account}`],
      [`url: "ldap://localhost", ${account}`],
    ])('takes %s', (ldap) => expect(one(ldap)).toEqual([]))

    it('looks at what is said for all, too', () => {
      const all = `ldap: {${account}}\nhosts:\n  - {name: fe1, roles: [frontend]`
      expect(faults(`${all}}\n`)).toEqual(refused)
      expect(faults(`${all}, ldap: {startTls: true}}\n`)).toEqual([])
      expect(faults(`${all}, local: true}\n`)).toEqual([])
      expect(faults(`ldap: {${account}}\nhosts:\n  - {name: hv1}\n`)).toEqual([])
    })
  })

  it.each(['ldapi://%ff', 'ldapi://%2frun%2f%c3', 'ldapi://%00'])('takes no path that is none: %s', (url) => {
    const text = `hosts:\n  - name: fe1\n    roles: [frontend]\n    ldap: {url: "${url}"}\n`
    expect(faults(text)).toEqual([
      expect.stringMatching(/^4: hosts\[0\]\.ldap\.url: expected a path in UTF-8/),
    ])
  })

  it('tells every fault, not only the first', () => {
    expect(
      faults('interval: 0\nhosts:\n  - name: a b\n    port: 0\n  - roles: []\n').map((f) => f.split(':')[0]),
    ).toEqual(expect.arrayContaining(['1', '3', '4', '5']))
  })

  it('tells the line of what is no YAML, and of a key that stands twice', () => {
    expect(faults('hosts:\n  - name: "a\n')).toEqual([expect.stringMatching(/^[123]: not valid YAML: /)])
    expect(faults(`cluster: a\n${hosts}cluster: b\n`)).toEqual([
      expect.stringMatching(/^4: not valid YAML: .*unique/),
    ])
    expect(faults('a: [\nb: }\n')[0]).toMatch(/not valid YAML/)
  })

  it('does not blow up a file of aliases that grow', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`)
    expect(() => parse(`a0: &a0 [x]\n${lines.join('\n')}\n${hosts}`, 'f')).toThrow(ConfigError)
  })
})

describe('load', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'vdd-config-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const write = (name: string, text = hosts) => {
    const file = join(home, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }

  it('looks in its places in order', () => {
    expect(searchPath({ HOME: '/home/ada' })).toEqual(['/home/ada/.config/vdd/vdd.yaml', '/etc/vdd/vdd.yaml'])
    expect(searchPath({ HOME: '/home/ada', XDG_CONFIG_HOME: '/x', VDD_CONFIG: '/y/z' })).toEqual([
      '/y/z',
      '/x/vdd/vdd.yaml',
      '/etc/vdd/vdd.yaml',
    ])
  })

  it('takes the file that was named before the one of the environment, and that before the places', () => {
    const [named, env] = [write('named.yaml'), write('env.yaml')]
    const own = write('.config/vdd/vdd.yaml')
    expect(load(named, { HOME: home, VDD_CONFIG: env })?.file).toBe(named)
    expect(load(undefined, { HOME: home, VDD_CONFIG: env })?.file).toBe(env)
    expect(load(undefined, { HOME: home, VDD_CONFIG: '' })?.file).toBe(own)
    expect(load(undefined, { HOME: home })?.config.hosts).toHaveLength(1)
  })

  it('finds nothing where there is nothing, and that is no fault', () => {
    expect(load(undefined, { HOME: home, XDG_CONFIG_HOME: home })).toBeUndefined()
  })

  it('says that a file that was named does not exist', () => {
    const missing = join(home, 'no.yaml')
    expect(() => load(missing, {})).toThrow(`${missing}: no such file`)
    expect(() => load(undefined, { VDD_CONFIG: missing })).toThrow(ConfigError)
  })

  it('does not believe a file that others may write', () => {
    const file = write('named.yaml')
    chmodSync(file, 0o666)
    expect(() => load(file, {})).toThrow(
      `${file}: others may write it, so it is not believed: chmod o-w ${file}`,
    )
    chmodSync(file, 0o664)
    expect(load(file, {})?.file).toBe(file)
  })

  it('says that a directory is no file', () => {
    expect(() => load(home, {})).toThrow(`${home}: is a directory`)
  })

  it('says that a place in which it looks cannot be read, rather than taking the next', () => {
    mkdirSync(join(home, '.config/vdd/vdd.yaml'), { recursive: true })
    expect(() => load(undefined, { HOME: home })).toThrow('vdd.yaml: is a directory')
  })

  it('says that a file may not be read', () => {
    const file = write('secret.yaml')
    chmodSync(home, 0o755)
    chmodSync(file, 0)
    expect(() => asNobody(() => load(file, {}))).toThrow(`${file}: may not be read by this user`)
  })
})

describe('the command that is run when something is wrong', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-alerts-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('is looked for before it is needed', () => {
    const file = join(directory, 'call')
    const faultsOf = (program: string) => fileFaults(parse(`alerts: {run: [${program}]}\n${hosts}`, 'f'))
    expect(faultsOf(file)).toEqual([`${file}: not there (alerts.run)`])
    writeFileSync(file, '', { mode: 0o644 })
    expect(faultsOf(file)).toEqual([`${file}: it may not be run (alerts.run)`])
    chmodSync(file, 0o755)
    expect(faultsOf(file)).toEqual([])
    expect(faultsOf(directory)).toEqual([`${directory}: no program (alerts.run)`])
    expect(faultsOf('found-by-path')).toEqual([])
  })
})
