import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parseConfig } from '../../src/services/ldirectord/config.ts'
import type { LdirectordConfig } from '../../src/services/ldirectord/facts.ts'

/** What the balancer of these files makes of names. */
export const names = {
  '4 rs1': '10.0.0.1',
  '4 rs3': '10.0.0.3',
  '4 vip.example.org': '10.0.0.100',
  '6 rs1': 'fd00::1',
  '6 vip': 'fd00::100',
}
const services = {
  www: [80, 'tcp'],
  http: [80, 'tcp'],
  ldap: [389, 'tcp udp'],
  domain: [53, 'tcp udp'],
  ntp: [123, 'udp'],
  own: [8080, 'tcp'],
} as const
export const ports: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(services).flatMap(([name, [port, protocols]]) =>
    ['any', ...protocols.split(' ')].map((protocol) => [`${protocol} ${name}`, port]),
  ),
)
const said = (name: string) => readFileSync(new URL(`../../fixtures/cases/${name}`, import.meta.url), 'utf8')

/** Lines that people have tried, as B (in a block) and G (global). */
const tried = said('L22.lines')
  .trimEnd()
  .split('\n')
  .map((line) => [line[0], line.slice(2)] as const)
const triedIn = (where: string) => tried.flatMap(([place, line]) => (place === where ? [line] : []))

const pick = (...from: readonly string[]) => fc.constantFrom(...from)
/** Mostly what is right: of a file with many faults only the first would be compared. */
const mostly = (right: fc.Arbitrary<string>, odd: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: odd })
const joined = (...parts: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((texts) => texts.join(''))

const blanks = pick(' ', ' ', ' ', '  ', '\t', ' \t ')
const digits = mostly(pick('1', '3', '5', '10', '010', '443'), pick('0', '00', '65535', '65536', '99999'))
const number = mostly(fc.oneof(digits, pick('5s', '-1', '1.5', '10 # c', 'x4')), pick('x', '', '-', '0 1'))
const host = mostly(
  pick('10.0.0.1', '10.0.0.2', '10.0.0.9', '192.168.3.2', 'rs1', 'rs3', 'vip.example.org', '010.0.0.1'),
  pick('10.0.0.256', '10.1', '1', 'nobody', 'rs_1', '', '[fd00::1]', 'fd00::1', '[fd00:::1]', 'constructor'),
)
const six = mostly(
  pick('[fd00::1]', '[FD00:0::2]', 'rs1', 'vip'),
  pick('fd00::1', '[fd00:::1]', '10.0.0.1', 'rs3'),
)
const port = mostly(
  pick('80', '389', '443', '53', 'www', 'ldap', 'domain'),
  fc.oneof(pick('ntp', 'own', 'nosuch', 'http ', '', '-1', 'x_y', 'toString'), digits),
)
const withPort = (of: fc.Arbitrary<string>) => mostly(joined(of, pick(':'), port), of)
const place = withPort(host)
const way = mostly(pick('gate', 'masq', 'ipip', 'gate,', ', gate'), pick('Gate', 'gat', '', 'constructor'))
const check = mostly(
  pick('', '', '', ' "GET /", "ok"', ' "a","b"', '"a" "b"', ' "a" "b" "c"', ' "",""'),
  pick(' "a"', ' "4 "," 5"', ' "a", "b"x', ' "a""b"', '"', ' ", "'),
)
const limits = mostly(pick('', '', '', ' l:10', ' u:20', ' l:10 u:20'), pick(' u:20 l:10', ' l:x', ' extra'))
const flags = joined(way, mostly(joined(blanks, digits), pick('', '4', ' x', ' -1')), check, limits)
const range = mostly(
  pick('10.0.0.250->10.0.1.5', '10.0.0.9->10.0.0.11', 'rs1->rs3', '9.255.255.254->10.0.0.2', '10.0.0.2->rs3'),
  pick('10.0.0.5->10.0.0.2', 'rs3->rs1', 'rs1->nobody', '10.0.0.1->'),
)
const real = fc.oneof(
  { weight: 8, arbitrary: joined(place, blanks, flags) },
  { weight: 2, arbitrary: joined(range, pick(':80', ':www', ''), blanks, flags) },
  { weight: 1, arbitrary: joined(pick('x ', '(', 'a/b ', 'a_'), place, blanks, flags) },
)
const quoted = mostly(
  pick('"/x"', '"x y"', '"a"b"', '"a" b', '"dc=example,dc=org"'),
  pick('""', 'x', '"', '"#"', ''),
)
const flag = mostly(pick('yes', 'no'), pick('YES', 'yes ', 'yes # c', '', 'maybe', 'yes\r', 'no\u00a0'))
const status = mostly(
  pick('all', 'none', 'starting,stopping', 'running , reloading', '', 'all,', ','),
  pick('all, none', 'foo', ',all', 'all ', 'constructor'),
)
const mail = mostly(pick('a@b.c', '"a@b.c"', '"a", "b"'), pick('""', ''))

const values = {
  checktimeout: number,
  negotiatetimeout: number,
  checkinterval: number,
  checkcount: number,
  failurecount: number,
  quiescent: flag,
  cleanstop: flag,
  fallback: joined(
    place,
    mostly(
      pick('', ' gate', ' masq', ' ipip', ' 0', '  '),
      pick(' foo', ' # sorry', ' gate x', ' constructor'),
    ),
  ),
  fallbackcommand: quoted,
  emailalert: mail,
  emailalertfreq: mostly(pick('1', '60s', '0'), pick('', 'x', '-1')),
  emailalertstatus: status,
  smtp: mostly(pick('mail.example.org', 'a b'), pick('', '(x)')),
}
const globals = {
  ...values,
  fallback6: joined(withPort(six), pick('', ' masq')),
  readdquiescent: flag,
  autoreload: flag,
  fork: flag,
  supervised: flag,
  execute: pick('x', ''),
  callback: quoted,
  logfile: mostly(pick('"local0"', '"/dev/null"'), pick('local0', '""')),
  maintenancedir: mostly(pick('/tmp', '"/x"', '/tmp '), pick('')),
  emailalertfrom: mail,
}
const locals = {
  ...values,
  request: quoted,
  receive: quoted,
  checktype: mostly(
    pick(
      'connect',
      'negotiate',
      'ping',
      'off',
      'on',
      'external',
      'external-perl',
      '4',
      'connect x',
      '0',
      'x1',
    ),
    pick('Connect', 'tcp', '', '-', 'connect-'),
  ),
  checkcommand: quoted,
  checkport: mostly(pick('80', '80x', '65535'), pick('http', '', '0', '65536', '-1')),
  login: quoted,
  passwd: quoted,
  database: quoted,
  secret: quoted,
  load: quoted,
  scheduler: mostly(pick('wrr', 'sed', 'Wrr', 'source-hash', '1wlc'), pick('WRR', '1', '')),
  persistent: number,
  schedflags: mostly(pick('sh-port', '"x"', 'a b'), pick('')),
  netmask: mostly(pick('255.255.255.0', '999.1.1.1'), pick('24', '255.255.255.0 ', '1.2.3', '129')),
  protocol: mostly(pick('tcp', 'udp', 'tcp x', '"udp"'), pick('fwm', 'TCP', 'sctp', '')),
  ops: flag,
  service: mostly(
    pick('http', 'ldap', 'none', 'http_proxy', 'dns x', 'simpletcp', '(sip)'),
    pick('ssh', 'HTTP', '', 'constructor'),
  ),
  httpmethod: mostly(pick('GET', 'head', '"get"'), pick('POST', '')),
  virtualhost: quoted,
  servicename: quoted,
  comment: quoted,
}
/** Words that are no longer known, stand in the wrong place, or mean something to JavaScript. */
const wrongWords = pick(
  'connecttimeout=5',
  'timeout=5',
  'Quiescent=yes',
  'fallback6=x',
  'real6=rs1:80 gate',
  'autoreload=yes',
  'constructor=1',
  'toString',
  '__proto__=1',
  'request',
  'real',
)

const setting = (of: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  mostly(
    fc
      .constantFrom(...Object.entries(of))
      .chain(([name, value]) => joined(fc.constant(name), pick('=', '=', '= ', ' = ', '\t=\t', '=='), value)),
    wrongWords,
  )
const indent = mostly(pick('\t', '\t', '    ', '\t\t', '     '), pick('   ', ' ', ''))
const odd = mostly(
  pick('# c', '  # c', '\t# c', '\tcomment=\u2028x # \u00a0'),
  pick(
    '',
    '\t',
    '\t\t',
    '     ',
    '\r',
    '\t\t\r',
    'what',
    '\twhat=1',
    '\u00a0',
    '\ufeff# x',
    '\tsupervised',
    '\u2028',
  ),
)

const inBlock = fc.oneof(
  { weight: 5, arbitrary: joined(indent, pick('real=', 'real = '), real, pick('', '', '', ' # c', '\r')) },
  { weight: 6, arbitrary: joined(indent, setting(locals)) },
  { weight: 1, arbitrary: pick(...triedIn('B')).map((line) => `\t${line}`) },
  { weight: 1, arbitrary: odd },
)
const global = fc.oneof(
  { weight: 6, arbitrary: setting(globals) },
  { weight: 1, arbitrary: pick(...triedIn('G')) },
  {
    weight: 1,
    arbitrary: mostly(
      pick('# c', '', '  ', 'supervised', 'supervised '),
      pick('supervised=x', '\ufeff', ' fork=yes'),
    ),
  },
)
const block = joined(
  mostly(pick('virtual=', 'virtual = '), pick('virtual', 'Virtual=', ' virtual=', 'virtual6=')),
  mostly(place, pick('"10.0.0.1:80"', '10.0.0.7:80 x', '', 'vip:636', '[fd00::5]:636')),
  fc.array(inBlock, { maxLength: 3 }).map((lines) => lines.map((line) => `\n${line}`).join('')),
)
const mark = joined(
  pick('virtual=7', 'virtual=007', 'virtual=10.0.0.1', 'virtual=5 x'),
  fc.array(inBlock, { maxLength: 3 }).map((lines) => lines.map((line) => `\n${line}`).join('')),
)
const block6 = joined(
  pick('virtual6='),
  withPort(six),
  fc
    .array(
      fc.oneof(
        joined(pick('\treal6='), withPort(six), pick(' '), flags),
        joined(pick('\tfallback6='), withPort(six)),
        pick('\tnetmask=64', '\tnetmask=255.255.255.0'),
      ),
      { maxLength: 2 },
    )
    .map((lines) => lines.map((line) => `\n${line}`).join('')),
)

/** Texts of configurations: most as people write them, some as nobody would. */
export const configuration = joined(
  fc.array(global, { maxLength: 3 }).map((lines) => lines.map((line) => `${line}\n`).join('')),
  fc
    .array(fc.oneof({ weight: 6, arbitrary: block }, mark, block6), { minLength: 1, maxLength: 2 })
    .map((blocks) => blocks.join('\n\n')),
  pick('\n', '\n\n', '\n# end', ''),
)

/** What `read-config.pl` says of one file. */
export interface Said {
  readonly refused?: string
  readonly died?: string
  readonly line?: number
  readonly globals?: Readonly<Record<string, string | null>>
  readonly virtuals?: readonly (Readonly<Record<string, string | null>> & {
    readonly fallback: Readonly<Record<'server' | 'port' | 'forward', string>> | null
    readonly reals: readonly Readonly<Record<'server' | 'port' | 'forward' | 'weight', string>>[]
  })[]
}

/** Fewer than four numbers, and those of eight: as inet_aton(3) takes them, and so getent. */
function oddAddress(text: string): string | undefined {
  const parts = text.split('.')
  if (parts.length > 4 || !parts.every((part) => /^\d+$/.test(part))) return undefined
  const numbers = parts.map((part) => (/^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : Number(part)))
  const last = numbers.pop() ?? 0
  if (numbers.some((n) => n > 255) || last >= 256 ** (4 - numbers.length)) return undefined
  const whole = numbers.reduce((sum, n, i) => sum + n * 256 ** (3 - i), last)
  return [24, 16, 8, 0].map((bits) => Math.floor(whole / 2 ** bits) % 256).join('.')
}

/** What vdd makes of a file on that balancer. A port whose name is not known is known not to be there. */
export function read(text: string): LdirectordConfig {
  const { names: hosts, ports: services } = parseConfig(text)
  const asked = services.map((key) => [key, String(ports[key] ?? '')] as const)
  const odd = hosts.flatMap((key) => {
    const address = key.startsWith('4 ') && oddAddress(key.slice(2))
    return address ? [[key, address] as const] : []
  })
  return parseConfig(text, new Map([...Object.entries(names), ...asked, ...odd]))
}

const forwards: Readonly<Record<string, string>> = { gate: 'Route', masq: 'Masq', ipip: 'Tunnel' }
const placed = (server: string, port: string) => `${server}:${Number(port)}`

/** What ldirectord made of a file, as vdd has it. */
function asOurs({ globals, virtuals = [] }: Said) {
  const isForking = globals?.fork === 'yes'
  return {
    quiescent: globals?.quiescent === 'yes',
    readdquiescent: globals?.readdquiescent === 'yes',
    cleanstop: globals?.cleanstop === 'yes',
    autoreload: globals?.autoreload === 'yes',
    maintenancedir: globals?.maintenancedir ?? undefined,
    logfile: globals?.logfile,
    checkinterval: Number(globals?.interval),
    failurecount: Number(globals?.failurecount),
    virtuals: virtuals.map((one) => {
      const [, protocol = '', six, where = ''] = /^([a-z]+)(6?):(.*)$/.exec(one.id ?? '') ?? []
      const port = /:(\d+)$/.exec(where)?.[1]
      const isMark = protocol === 'fwm'
      const { fallback } = one
      const own = fallback?.forward === 'masq' || isMark ? fallback?.port : port
      const reals = one.reals.map(({ server, port, forward, weight }) => [
        placed(server, port),
        forwards[forward],
        Number(weight),
      ])
      return {
        id: isMark
          ? `FWM ${Number(where)}${six ? ' IPv6' : ''}`
          : `${protocol.toUpperCase()} ${placed(where.slice(0, where.lastIndexOf(':')), port ?? '')}`,
        scheduler: one.scheduler,
        checktype: one.checktype,
        service: one.service,
        request: one.request,
        receive: one.receive,
        checktimeout: Number(one.checktimeout),
        negotiatetimeout: Number(one.negotiatetimeout),
        failurecount: Number(one.failurecount),
        checkinterval: Number((isForking && one.checkinterval) || globals?.interval),
        quiescent: (one.quiescent ?? globals?.quiescent) === 'yes',
        fallback: fallback ? placed(fallback.server, own ?? '') : undefined,
        // One entry of the kernel's table, whatever stands there twice.
        reals: reals.filter(([id], i) => reals.findIndex(([other]) => other === id) === i),
      }
    }),
  }
}

/** What vdd made of it, with the defaults of a check that it does not keep. */
function ours(config: LdirectordConfig) {
  const {
    problems: _,
    names: __,
    ports: ___,
    checktimeout: ____,
    negotiatetimeout: _____,
    virtuals,
    ...all
  } = config
  return {
    ...all,
    virtuals: virtuals.map(({ family: _, line: __, reals, ...one }) => ({
      request: '/',
      receive: '',
      ...one,
      reals: reals.map(({ id, forward, weight }) => [id, forward, weight]),
    })),
  }
}

/** The command line and the input of a Perl that says what ldirectord makes of these files, in one go: one `Said` a file. */
export function question(files: readonly string[], ldirectord = '/usr/sbin/ldirectord') {
  const program = readFileSync(new URL('read-config.pl', import.meta.url), 'utf8')
  return {
    argv: ['perl', '-', ldirectord],
    input: `${program}\n__END__\n${JSON.stringify({ names, ports, files })}`,
  }
}

/** How the two answers to one file are to be compared: equal, if vdd reads as ldirectord does. */
export function answers(text: string, said: Said): { readonly vdd: unknown; readonly ldirectord: unknown } {
  const config = read(text)
  const refused = config.problems.filter(({ fatal }) => fatal)
  const isRefused = said.refused !== undefined || said.died !== undefined
  const why = { text, said: said.refused ?? said.died, told: refused }
  if (isRefused !== refused.length > 0)
    return { vdd: { ...why, refused: refused.length > 0 }, ldirectord: { ...why, refused: isRefused } }
  return isRefused
    ? { vdd: 'refused', ldirectord: 'refused' }
    : { vdd: ours(config), ldirectord: asOurs(said) }
}
