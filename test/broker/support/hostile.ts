import { longestLine, type Refusal } from '../../../src/broker/protocol.ts'

/** A line that somebody may send, and what it is answered with. */
export interface Hostile {
  readonly what: string
  readonly line: string | Uint8Array
  readonly n: number
  readonly no: Refusal
}

const start = {
  n: 7,
  ask: 'account',
  what: 'start',
  channel: 'abcdef',
  system: 'office',
  machine: 'pc1',
  session: 'xfce',
  terminal: 'term3',
}
const look = {
  n: 7,
  ask: 'look',
  what: 'asked',
  channel: 'abcdef',
  machine: 'pc1',
  by: 'carla',
  controls: false,
}
const valid: readonly Readonly<Record<string, unknown>>[] = [
  { n: 7, ask: 'systems' },
  { n: 7, ask: 'machine', system: 'office' },
  start,
  { ...start, what: 'alive' },
  { ...start, what: 'end', how: 'closed' },
  look,
  { ...look, what: 'ended', endedBy: 'person' },
]

const malformed = (what: string, line: string | Uint8Array, n = -1): Hostile => ({
  what,
  line,
  n,
  no: 'malformed',
})

/** Lines that are no JSON, or none that is an object. */
const noObjects: readonly Hostile[] = [
  '',
  ' ',
  '\r',
  '{',
  '}',
  '{"n":1',
  '{"n":1,"ask":"systems"',
  '{"n":1,"ask":"systems"}}',
  '{"n":1,"ask":"systems"} {"n":2,"ask":"systems"}',
  '{"n":1,"ask":"systems",}',
  "{'n':1,'ask':'systems'}",
  '{n:1,ask:"systems"}',
  '{"n":01,"ask":"systems"}',
  '{"n":+1,"ask":"systems"}',
  '{"n":NaN,"ask":"systems"}',
  '{"n":1,"ask":"systems"}//',
  '\ufeff{"n":1,"ask":"systems"}',
  '\u0000',
  '{"n":1,"ask":"sys\u0000tems"}',
  'null',
  'true',
  '1',
  '-1e999',
  '"systems"',
  '[]',
  '[{"n":1,"ask":"systems"}]',
  '['.repeat(30_000),
  '{"a":'.repeat(10_000),
  '[['.concat('1,'.repeat(30_000)),
  'GET / HTTP/1.1',
  'SSH-2.0-x',
  '\u001b]0;title\u0007\u001b[2J',
  '$(id)',
  '`id`',
  '; id',
  '../../etc/passwd',
  '%s%s%s%n',
  'x'.repeat(longestLine),
  '\u202e{"ask":"systems"}',
].map((line, i) => malformed(`no object ${i}: ${line.slice(0, 30)}`, line))

const bytes: readonly Hostile[] = [
  [0xff],
  [0xfe, 0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0x22, 0xff, 0x22],
  [0x80],
  Array.from({ length: 256 }, (_, i) => i).filter((one) => one !== 0x0a),
  [...Buffer.from('{"n":1,"ask":"systems","x":"'), 0xc3, 0x28, ...Buffer.from('"}')],
  [0x1f, 0x8b, 0x08, 0x00],
].map((line, i) => malformed(`bytes ${i}`, Uint8Array.from(line)))

/** What may stand in the place of a value. */
const values: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e300,
  '',
  [],
  ['office'],
  {},
  { toString: 'office' },
  'x'.repeat(201),
  'x\u0000',
  'a\nb',
  'a\u001b[2Jb',
  'a\u009b2J',
  'a\u2028b',
]

/** Each value of each request in turn replaced, or left out. */
const replaced: readonly Hostile[] = valid.flatMap((request, i) =>
  Object.keys(request).flatMap((key) => [
    // What may be yes or no may be either.
    ...values
      .filter((value) => typeof value !== 'boolean' || typeof request[key] !== 'boolean')
      .map((value) =>
        malformed(
          `request ${i} with ${key} ${JSON.stringify(value)?.slice(0, 20)}`,
          JSON.stringify({ ...request, [key]: value }),
          key === 'n' ? -1 : 7,
        ),
      ),
    ...(key === 'system' && i > 1
      ? []
      : key === 'how' || key === 'endedBy'
        ? []
        : [
            malformed(
              `request ${i} without ${key}`,
              JSON.stringify({ ...request, [key]: undefined }),
              key === 'n' ? -1 : 7,
            ),
          ]),
  ]),
)

/** What nobody asked for. */
const more: readonly Hostile[] = valid.flatMap((request, i) =>
  ['uid', 'user', 'who', 'groups', 'SUDO_UID', 'config', '__proto__', 'constructor', 'last'].map((key) =>
    malformed(
      `request ${i} with ${key}`,
      `${JSON.stringify(request).slice(0, -1)},${JSON.stringify(key)}:"root"}`,
      7,
    ),
  ),
)

const questions: readonly Hostile[] = [
  'System',
  'SYSTEMS',
  'systems ',
  'start',
  'stop',
  'exec',
  'shutdown',
  'destroy',
  'toString',
  '__proto__',
  'hasOwnProperty',
].map((ask) =>
  malformed(`the question ${ask}`, JSON.stringify({ n: 7, ask, system: 'office', machine: 'pc1' }), 7),
)

const channels: readonly Hostile[] = [
  'abcde',
  'abcdefg',
  'ABCDEF',
  'abcde1',
  '../../',
  'abcde\n',
  'abc ef',
].map((channel) =>
  malformed(`the channel ${JSON.stringify(channel)}`, JSON.stringify({ ...start, channel }), 7),
)

/** What is well said, and not for this person. */
const foreign: readonly Hostile[] = [
  'secret',
  'Office',
  'office ',
  ' office',
  'office/../secret',
  'pc1',
  'hv1',
  'localhost',
  '127.0.0.1',
  '*',
  '%',
  "' OR 1=1 --",
  "office'; DROP TABLE entry; --",
  '-oProxyCommand=id',
  '--config=/tmp/x',
  '$(id)',
  '`id`',
  '|id',
  '/etc/shadow',
  '__proto__',
  'constructor',
  'toString',
  'systems',
  '0',
  '\u043effice',
  'offi\u200bce',
  'a\u202eb',
  'x'.repeat(200),
].map((system) => ({
  what: `the system ${JSON.stringify(system).slice(0, 40)}`,
  line: JSON.stringify({ n: 7, ask: 'machine', system }),
  n: 7,
  no: 'not-for-you',
}))

const foreignAccounts: readonly Hostile[] = [
  ...[
    'pc9',
    'hv1',
    'Pc1',
    'pc1 ',
    "pc1' OR 1=1",
    '127.0.0.1',
    '-oProxyCommand=id',
    '__proto__',
    'x'.repeat(200),
  ].map((machine) => ({ ...start, machine })),
  ...['secret', 'nothing', '__proto__'].map((system) => ({ ...start, system })),
  // It was not given.
  start,
  // Of others, and of nobody.
  ...['alive', 'end'].flatMap((what) => ['taken2', 'nobody'].map((channel) => ({ ...start, what, channel }))),
  { ...start, channel: 'taken2' },
].map((request) => ({
  what: `the account ${JSON.stringify(request).slice(0, 120)}`,
  line: JSON.stringify(request),
  n: 7,
  no: 'not-for-you',
}))

const screens: readonly Hostile[] = [
  ['office', 'pc1'],
  ['secret', 'pc9'],
  ['office', 'pc9'],
  ['nothing', 'pc1'],
  ['__proto__', 'constructor'],
  ['office', '127.0.0.1:5900'],
  ['office', '-oProxyCommand=id'],
].map(([system, machine]) => ({
  what: `the screen of ${machine} in ${system}`,
  line: JSON.stringify({ n: 7, ask: 'screen', system, machine }),
  n: 7,
  no: 'not-for-you',
}))

const contradictions: readonly Hostile[] = [
  { ...start, how: 'closed' },
  { ...start, what: 'alive', how: 'lost' },
  { ...start, what: 'end', how: 'won' },
].map((request) => malformed(`the account ${JSON.stringify(request)}`, JSON.stringify(request), 7))

/** `abcdef` and `nobody` are channels of nobody, `taken2` is another person's; system `office` has `pc1`, and `secret` is for others. */
export const hostile: readonly Hostile[] = [
  ...noObjects,
  ...bytes,
  ...replaced,
  ...more,
  ...questions,
  ...channels,
  ...foreign,
  ...foreignAccounts,
  ...screens,
  ...contradictions,
]
