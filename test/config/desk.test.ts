import { describe, expect, it } from 'vitest'
import { fileFaults } from '../../src/config/files.ts'
import { ConfigError, parse } from '../../src/config/load.ts'

const hosts = 'hosts:\n  - name: a\n'
const desk = (system: string) => parse(`desk:\n  systems:\n    - ${system}\n${hosts}`, 'f').desk?.systems[0]

function faults(system: string): readonly string[] {
  try {
    desk(system)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).faults
  }
}

const certificate = Array(32).fill('aB').join(':')
const least = 'name: office, title: Office'

describe('the systems of the configuration', () => {
  it('fill in what is not said', () => {
    expect(desk(`{${least}, machines: [pc1, {name: pc2, address: 192.0.2.2, port: 2222}]}`)).toEqual({
      name: 'office',
      title: { it: 'Office', en: 'Office' },
      machines: [
        { name: 'pc1', always: false },
        { name: 'pc2', address: '192.0.2.2', port: 2222, always: false },
      ],
      shows: 'session',
      keep: false,
      limits: {},
      people: 1,
      ready: 0,
    })
  })

  it('take texts in each language, and times as they are written', () => {
    const system = desk(
      '{name: a, title: {it: Ufficio}, description: {it: b, en: c}, machines: [{name: x, always: true}], limits: {idle: 30m, total: 2h}, sessions: [xfce, gnome-xorg], groups: [domain users, teachers], keep: true, people: 20}',
    )
    expect(system).toMatchObject({
      title: { it: 'Ufficio' },
      limits: { idle: 1_800_000, total: 7_200_000 },
      groups: ['domain users', 'teachers'],
    })
    expect(system?.title).not.toHaveProperty('en')
  })

  it.each([
    [`{title: x, machines: [a]}`, 'desk.systems[0].name: expected a string, found nothing'],
    [`{name: -a, title: x, machines: [a]}`, 'desk.systems[0].name: expected letters, digits'],
    [
      `{name: a, machines: [a]}`,
      'desk.systems[0].title: expected a text such as Office, or {en: Office, it: Ufficio}, found nothing',
    ],
    [`{name: a, title: 7, machines: [a]}`, 'desk.systems[0].title: expected a text such as Office, or {en'],
    ['office', 'desk.systems[0]: expected a system such as {name: office, title: Office'],
    [`{name: a, title: {}, machines: [a]}`, 'desk.systems[0].title: expected at least one of it, en'],
    [`{name: a, title: {it: "x\\ty"}, machines: [a]}`, 'desk.systems[0].title.it: expected text on one line'],
    [`{name: a, title: {it: y, de: x}, machines: [a]}`, 'desk.systems[0].title.de: no such setting'],
    [`{${least}, machines: [a], shows: rdp}`, 'desk.systems[0].machines[0].certificate: expected'],
    [
      `{${least}, machines: [{name: a, certificate: ab}], shows: rdp}`,
      'desk.systems[0].machines[0].certificate: expected a SHA-256',
    ],
    [
      `{${least}, machines: [{name: a, certificate: '${certificate}'}]}`,
      'desk.systems[0].machines[0].certificate: expected nothing',
    ],
    [
      `{${least}, machines: [{name: a, certificate: '${certificate}'}], shows: rdp, keep: true}`,
      'desk.systems[0].keep: expected false',
    ],
    [`{${least}, machines: [a], shows: vnc}`, 'desk.systems[0].shows: expected'],
    [
      `{${least}, machines: [a], shows: screen, sessions: [xfce]}`,
      'desk.systems[0].sessions: expected nothing',
    ],
    [
      `{${least}, machines: [a], shows: screen, limits: {idle: 1h}}`,
      'desk.systems[0].limits.idle: expected no',
    ],
    [
      `{${least}, machines: [{name: a, always: true}], shows: screen}`,
      'desk.systems[0].machines[0].always: expected false',
    ],
    [`{${least}, machines: [a], x11OverTcp: true}`, 'desk.systems[0].x11OverTcp: expected'],
    [
      `{${least}, machines: [a], x11OverTcp: ds1}`,
      'x11OverTcp: expected an IPv4 address of the display server',
    ],
    [
      `{${least}, machines: [a], shows: screen, x11OverTcp: 10.0.0.1}`,
      'desk.systems[0].x11OverTcp: expected nothing',
    ],
    [`{${least}, machines: []}`, 'desk.systems[0].machines: expected at least one machine'],
    [
      `{${least}, machines: [3]}`,
      'desk.systems[0].machines[0]: expected the name of a machine such as pc1, or {name',
    ],
    [`{${least}, machines: [a, b, a]}`, 'desk.systems[0].machines[2].name: expected a name of its own; a is'],
    [`{${least}, machines: [two words]}`, 'desk.systems[0].machines[0].address: expected an address, since'],
    [`{${least}, machines: [-oProxyCommand=x]}`, 'desk.systems[0].machines[0].address: expected an address'],
    [
      `{${least}, machines: [{name: a, address: -oProxyCommand=x}]}`,
      'desk.systems[0].machines[0].address: expected a name or an address',
    ],
    [
      `{${least}, machines: [{name: a, adress: b}]}`,
      'machines[0].adress: no such setting. Did you mean addr',
    ],
    [`{${least}, machines: [a], limits: {idle: 30}}`, 'limits.idle: expected a time such as 30m, 2h or 1d'],
    [
      `{${least}, machines: [a], limits: {total: 2 h}}`,
      'limits.total: expected a time such as 30m, 2h or 1d',
    ],
    [`{${least}, machines: [a], limits: {total: 0h}}`, 'limits.total: expected a time such as 30m, 2h or 1d'],
    [
      `{${least}, machines: [a], ready: 2}`,
      'desk.systems[0].ready: expected at most 1, since there are no mo',
    ],
    [
      `{${least}, machines: [{name: a, always: true}], ready: 1}`,
      'desk.systems[0].ready: expected at most 0',
    ],
    [`{${least}, machines: [a], groups: []}`, 'desk.systems[0].groups: expected at least one group'],
    [`{${least}, machines: [a], groups: ["a:b"]}`, 'groups[0]: expected the name of a group'],
    [`{${least}, machines: [a], sessions: [../x]}`, 'sessions[0]: expected the name of a file in /usr/share'],
    [`{${least}, machines: [a], people: 0}`, 'desk.systems[0].people: expected at least 1'],
    [`{${least}, machines: [a], kep: x}`, 'desk.systems[0].kep: no such setting. Did you mean keep?'],
  ])('%s: says what was expected', (text, expected) => {
    expect(faults(text)).toEqual([expect.stringMatching(/^f:\d+: /)])
    expect(faults(text)[0]).toContain(expected)
  })

  it('are for groups that this machine knows, or the directory, where that is said', () => {
    const from = (text: string) => parse(`desk: {systems: []${text}}\n${hosts}`, 'f').desk?.groupsFrom
    expect([from(''), from(', groupsFrom: directory')]).toEqual(['system', 'directory'])
    expect(() => from(', groupsFrom: ldap')).toThrow('desk.groupsFrom')
  })

  it('are looked at by nobody else, unless it is said that their person is asked', () => {
    const from = (text: string) => parse(`desk: {systems: []${text}}\n${hosts}`, 'f').desk?.viewing
    expect([from(''), from(', viewing: ask')]).toEqual(['off', 'ask'])
    expect(() => from(', viewing: always')).toThrow('desk.viewing')
  })

  it('have a name of their own each', () => {
    expect(() =>
      parse(`desk: {systems: [{${least}, machines: [a]}, {${least}, machines: [b]}]}\n${hosts}`, 'f'),
    ).toThrow('f:1: desk.systems[1].name: expected a name of its own; office is taken')
  })
})

describe('the RADIUS servers of accounting', () => {
  const accounting = (text: string) => parse(`desk: {systems: [], accounting: ${text}}\n${hosts}`, 'f').desk

  it('listen where others do if nothing else is said', () => {
    expect(accounting('{servers: [{address: r1, secretFile: /s}]}')).toMatchObject({
      accounting: { servers: [{ address: 'r1', port: 1813, secretFile: '/s' }] },
    })
  })

  it.each([
    ['{servers: []}', 'desk.accounting.servers: expected at least one server'],
    [
      `{servers: [${'{address: r1, secretFile: /s}, '.repeat(5)}]}`,
      'desk.accounting.servers: expected at most 4',
    ],
    ['{servers: [{address: r1}]}', 'desk.accounting.servers[0].secretFile: expected a string'],
    ['{servers: [{address: r1, secret: x, secretFile: /s}]}', 'servers[0].secret: no such setting'],
    ['{servers: [{address: r1, secretFile: /s, port: 0}]}', 'servers[0].port: expected at least 1'],
  ])('%s: says what was expected', (text, expected) => {
    expect(() => accounting(text)).toThrow(expected)
  })

  it('have a secret that is looked for before it is needed', () => {
    const config = parse(
      `desk: {systems: [], accounting: {servers: [{address: r1, secretFile: /no/such}]}}\n${hosts}`,
      'f',
    )
    expect(fileFaults(config)).toEqual(['/no/such: no such file (name the right file in the configuration)'])
  })
})
