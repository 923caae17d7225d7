import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { AccountingSite, secret } from '../broker/support/accounting.ts'
import { hostile } from '../broker/support/hostile.ts'
import { programAsNobody } from '../support/as-nobody.ts'

// The program as sudo starts it: as a user of its own, for another one.
const root = resolve(import.meta.dirname, '../..')
const program = join(root, 'bin', 'vdd')
const isRoot = process.getuid?.() === 0
/** Starts it as nobody, who has no right to anything; a test that does not run as root, as itself. */
const asOther = () => (isRoot ? programAsNobody(root, join(home, 'vdd')) : ([program] as const))
const daemon = { SUDO_UID: '1', SUDO_USER: 'daemon', SUDO_GID: '1' }

let home: string
let server: Server
let port: number
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'vdd-desk-broker-'))
  chmodSync(home, 0o755)
  mkdirSync(join(home, 'state'), { mode: 0o700 })
  if (isRoot) chownSync(join(home, 'state'), 65_534, 65_534)
  server = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-x\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as { port: number }).port
  config(`
desk:
  systems:
    - {name: lab, title: Lab, machines: [{name: pc1, address: 127.0.0.1, port: ${port}, always: true}]}
    - {name: secret, title: Secret, groups: [root], machines: [pc9]}
`)
})
afterEach(() => {
  server.close()
  rmSync(home, { recursive: true, force: true })
})

function config(desk: string): void {
  writeFileSync(
    join(home, 'vdd.yaml'),
    `journal: ${join(home, 'state', 'journal.db')}\nhosts: [{name: here, local: true}]\n${desk}`,
  )
}

function begin(
  env: Record<string, string>,
  options: { readonly args?: readonly string[]; readonly as?: readonly [string, ...string[]] } = {},
) {
  const { args = ['--config', join(home, 'vdd.yaml')], as = asOther() } = options
  const [command, ...words] = as
  return execa(command, [...words, 'desk-broker', ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
    cwd: '/',
    timeout: 120_000,
  })
}

async function says(input: string | Uint8Array, env: Record<string, string> = daemon, options = {}) {
  const broker = begin(env, options)
  broker.stdin.on('error', () => {})
  broker.stdin.end(input)
  const { stdout, stderr, exitCode } = await broker
  const replies = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { replies, stderr, code: exitCode }
}

function journal(): Record<string, unknown>[] {
  const db = new DatabaseSync(join(home, 'state', 'journal.db'))
  try {
    return db.prepare('SELECT who, text FROM entry ORDER BY id').all()
  } finally {
    db.close()
  }
}

const wants = (...all: object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('')
const account = { ask: 'account', channel: 'abcdef', machine: 'pc1', session: 'xfce', terminal: 'term3' }

describe('vdd desk-broker', () => {
  it('gives a person what is theirs, and writes it down', async () => {
    const { replies, code, stderr } = await says(
      wants(
        { n: 1, ask: 'systems' },
        { n: 2, ask: 'machine', system: 'lab' },
        { n: 3, ...account, what: 'start' },
        { n: 4, ...account, what: 'end', how: 'closed' },
        { n: 5, ask: 'machine', system: 'secret' },
      ),
    )
    expect({ code, stderr }).toEqual({ code: exit.ok, stderr: '' })
    expect(replies).toMatchObject([
      { n: 1, systems: [{ name: 'lab', state: 'ready' }] },
      { n: 2, step: 'choosing' },
      { n: 2, step: 'waiting' },
      { n: 2, machine: { name: 'pc1', address: '127.0.0.1', port } },
      { n: 3, done: true },
      { n: 4, done: true },
      { n: 5, no: 'not-for-you' },
    ])
    expect(journal()).toEqual([
      { who: 'daemon (desk)', text: 'lab: was given pc1' },
      { who: 'daemon (desk)', text: 'is on pc1 from term3 with xfce, channel abcdef' },
      {
        who: 'daemon (desk)',
        text: expect.stringMatching(/^left pc1 \(closed\) after \d+ s, channel abcdef$/),
      },
      { who: 'daemon (desk)', text: expect.stringMatching(/^refused: no system secret for this person/) },
    ])
  })

  it('tells a RADIUS server of the sessions when nobody waits any more', async () => {
    const site = new AccountingSite()
    try {
      const { config: told, heard } = await site.server()
      const secretFile = join(home, 'state', 'secret')
      writeFileSync(secretFile, secret, { mode: 0o600 })
      if (isRoot) chownSync(secretFile, 65_534, 65_534)
      config(`desk:
  systems:
    - {name: lab, title: Lab, machines: [{name: pc1, address: 127.0.0.1, port: ${port}, always: true}]}
  accounting: {servers: [{address: 127.0.0.1, port: ${told.port}, secretFile: ${secretFile}}]}
`)
      const asked = [
        { n: 1, ask: 'machine', system: 'lab' },
        { n: 2, ...account, what: 'start' },
        { n: 3, ...account, what: 'end', how: 'closed' },
      ]
      const { replies, code } = await says(wants(...asked))
      expect(code).toBe(exit.ok)
      expect(replies.filter(({ last }) => last).map(({ no }) => no)).toEqual([
        undefined,
        undefined,
        undefined,
      ])
      expect(heard.map(({ status, user }) => `${status} ${user}`)).toEqual(['start daemon', 'stop daemon'])
    } finally {
      await site.close()
    }
  })

  const unwelcome: readonly { how: string; env: Record<string, string>; as?: readonly [string] }[] = [
    { how: 'by hand', env: {} },
    { how: 'without a number', env: { SUDO_USER: 'daemon' } },
    { how: 'for root', env: { SUDO_UID: '0', SUDO_USER: 'root' } },
    { how: 'for another than sudo names', env: { SUDO_UID: '1', SUDO_USER: 'bin' } },
    { how: 'for a user that there is not', env: { SUDO_UID: '3999999998', SUDO_USER: 'daemon' } },
    ...(isRoot ? [{ how: 'as root', env: daemon, as: [program] as const }] : []),
  ]

  it.each(unwelcome)('serves nobody when it is started $how', async ({ env, as = asOther() }) => {
    const { replies, stderr, code } = await says(wants({ n: 1, ask: 'systems' }), env, { as })
    expect({ replies, code }).toEqual({ replies: [], code: exit.refused })
    expect(stderr).toMatch(/^vdd: desk-broker: .+/)
    expect(existsSync(join(home, 'state', 'journal.db'))).toBe(false)
  })

  it('answers all of many who begin at once', async () => {
    const people = [daemon, { SUDO_UID: '2', SUDO_USER: 'bin' }, { SUDO_UID: '3', SUDO_USER: 'sys' }]
    const channel = (i: number) => `aaaaa${'abcdefghijklmnopqrstuvwxyz'[i]}`
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        says(
          wants(
            { n: 1, ask: 'machine', system: 'lab' },
            { n: 2, ...account, what: 'start', channel: channel(i) },
            { n: 3, ...account, what: 'end', channel: channel(i) },
          ),
          people[i % people.length],
        ),
      ),
    )
    for (const { replies } of all)
      expect(replies.filter(({ last }) => last).map(({ n, no }) => [n, no])).toEqual(
        [1, 2, 3].map((n) => [n, undefined]),
      )
    expect(journal()).toHaveLength(24 * 3)
  })

  it('takes nothing of the environment', async () => {
    const trap = join(home, 'trap')
    const ran = join(home, 'state', 'ran')
    mkdirSync(trap)
    for (const name of [
      'node',
      'env',
      'getent',
      'id',
      'ssh',
      'virsh',
      'sh',
      'logger',
      'readlink',
      'dirname',
      'stat',
    ]) {
      writeFileSync(join(trap, name), `#!/bin/sh\necho ${name} >> ${ran}\n`)
      chmodSync(join(trap, name), 0o755)
    }
    writeFileSync(join(trap, 'evil.cjs'), `require('fs').appendFileSync(${JSON.stringify(ran)}, 'preload')\n`)
    config('desk: {systems: [{name: lab, title: Lab, machines: [pc1]}]}')
    const { replies } = await says(wants({ n: 1, ask: 'systems' }), {
      ...daemon,
      PATH: `${trap}:${process.env.PATH}`,
      HOME: trap,
      SHELL: join(trap, 'sh'),
      VDD_NODE: join(trap, 'node'),
      VDD_CONFIG: join(trap, 'vdd.yaml'),
      VDD_PLAIN: '1',
      XDG_CONFIG_HOME: trap,
      XDG_STATE_HOME: trap,
      NODE_OPTIONS: `--require=${join(trap, 'evil.cjs')}`,
      SSH_AUTH_SOCK: join(trap, 'agent'),
      LIBVIRT_DEFAULT_URI: 'test:///default',
      ENV: join(trap, 'sh'),
      BASH_ENV: join(trap, 'sh'),
    })
    expect(replies).toMatchObject([{ n: 1, systems: [{ name: 'lab' }] }])
    expect(existsSync(ran)).toBe(false)
  })

  it('refuses each of hundreds of hostile requests, and goes on', async () => {
    const bytes = Buffer.concat(hostile.flatMap(({ line }) => [Buffer.from(line), Buffer.from('\n')]))
    const { replies, code } = await says(bytes)
    expect(code).toBe(exit.ok)
    expect(replies.map(({ n }) => n)).toEqual(hostile.map(({ n }) => n))
    expect(new Set(replies.map(({ no }) => no))).toEqual(new Set(['malformed', 'too-many']))
    // What is too many is written once.
    expect(journal().length).toBeGreaterThan(100)
    expect(journal().length).toBeLessThan(130)
  })

  it('runs where the directory of whoever asks is gone', async () => {
    const gone = join(home, 'gone')
    mkdirSync(gone)
    const broker = execa(
      'sh',
      [
        '-c',
        'cd "$1" && rmdir "$1" && shift && exec "$@"',
        'sh',
        gone,
        program,
        'desk-broker',
        '--config',
        join(home, 'vdd.yaml'),
      ],
      {
        env: { PATH: process.env.PATH ?? '', ...daemon },
        extendEnv: false,
        reject: false,
        input: '',
      },
    )
    const { exitCode, stderr } = await broker
    expect({ exitCode, stderr }).toEqual(
      isRoot
        ? { exitCode: exit.refused, stderr: expect.stringContaining('it does not run as root') }
        : { exitCode: exit.ok, stderr: '' },
    )
  })

  it.each(['SIGTSTP', 'SIGTTIN', 'SIGUSR1'] as const)(
    'goes on at %s: what stands still holds up the others, and a debugger is nobody to let in',
    async (signal) => {
      const broker = begin(daemon)
      broker.stdin.write(wants({ n: 1, ask: 'systems' }))
      await once(broker.stdout, 'data')
      broker.kill(signal)
      broker.stdin.write(wants({ n: 2, ask: 'systems' }))
      const [said] = await once(broker.stdout, 'data')
      expect(String(said)).toContain('"n":2')
      broker.stdin.end()
      const { exitCode, stderr } = await broker
      expect({ exitCode, stderr }).toEqual({ exitCode: exit.ok, stderr: '' })
    },
  )

  it('ends when nobody reads what it says', async () => {
    const broker = begin(daemon)
    broker.stdin.on('error', () => {})
    broker.stdout.once('data', () => broker.stdout.destroy())
    broker.stdin.write(wants({ n: 1, ask: 'systems' }))
    const asking = setInterval(() => broker.stdin.write('x\n'), 20)
    const { exitCode } = await broker
    clearInterval(asking)
    expect(exitCode).toBe(exit.ok)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends on %s while its input stays open',
    async (signal) => {
      const broker = begin(daemon)
      broker.stdin.write('{"n":1,"ask":"sys')
      broker.stdin.write('tems"}\n')
      await once(broker.stdout, 'data')
      broker.kill(signal)
      expect((await broker).exitCode).toBe(exit.ok)
    },
  )

  it('answers that it is broken where its configuration is, and tells the person nothing of that', async () => {
    config('secretSetting: hunter2\n')
    const { replies, stderr, code } = await says(
      wants({ n: 1, ask: 'systems' }, { n: 2, ask: 'machine', system: 'lab' }),
    )
    expect(replies).toMatchObject([
      { n: 1, no: 'broken' },
      { n: 2, no: 'broken' },
    ])
    expect(stderr).toMatch(/^vdd: desk-broker cannot work \([a-z2-7]{6}\); an operator sees why in the log/)
    expect(stderr).not.toMatch(/secretSetting|hunter2/)
    expect(code).toBe(exit.ok)
  })

  it.each([[['--demo']], [['--log', '/tmp/x']], [['--config', 'vdd.yaml']]])('takes no %j', async (args) => {
    expect((await says('', daemon, { args })).code).toBe(exit.usage)
  })
})
