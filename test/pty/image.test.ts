import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { open, program, root, surroundings } from './support/vdd.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-image-'))
})
afterEach(() => {
  execFileSync('chmod', ['-R', 'u+w', folder])
  rmSync(folder, { recursive: true, force: true })
})

const guard = readFileSync(join(root, 'scripts', 'image', 'guard.cjs'), 'utf8')

/** Makes an image of a program, as scripts/image does. */
function makeImage(loaded: string, main = '') {
  const text = `${guard}\n${loaded}\nendGuard(); require('node:v8').startupSnapshot.setDeserializeMainFunction(() => { ${main} })`
  writeFileSync(join(folder, 'program.cjs'), text)
  const args = ['--snapshot-blob', join(folder, 'image'), '--build-snapshot', join(folder, 'program.cjs')]
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { MAKER: 'of the image' }, cwd: '/' })
}

describe('what is loaded for an image', () => {
  it.each([
    'process.env.HOME',
    'process.argv[2]',
    'process.cwd()',
    'process.pid',
    'process.stdout.isTTY',
    'process.umask()',
    "process.on('SIGTERM', () => {})",
    'performance.now()',
    'Date.now()',
    'new Date()',
    'Math.random()',
    'crypto.randomUUID()',
    'new Intl.DateTimeFormat()',
    'Intl.NumberFormat()',
    "process.getBuiltinModule('node:fs')",
    "process.getBuiltinModule('node:os')",
    "process.getBuiltinModule('node:crypto')",
  ])('may not ask for what another start would be told otherwise: %s', (text) => {
    const { status, stderr } = makeImage(text)
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/the program asks for .*, which an image would keep for ever/)
  })

  it('may compute, and take hold of what it will ask later', () => {
    const { status, stderr } = makeImage(
      "const { now } = Date; const { DateTimeFormat } = Intl; new Date(0); process.getBuiltinModule('node:path').join('a', 'b')",
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

describe('a start from an image', () => {
  it('knows nothing of the machine that made it', () => {
    makeImage(
      'const random = Math.random; const now = Date.now',
      `const os = process.getBuiltinModule('node:os')
      console.log(JSON.stringify({
        env: process.env, argv: process.argv.slice(1), cwd: process.cwd(), umask: process.umask(), pid: process.pid,
        locale: Intl.DateTimeFormat().resolvedOptions().locale, zone: new Date(0).getHours(), home: os.homedir(),
        late: Math.abs(now() - Date.now()) + Math.abs(performance.timeOrigin - Date.now()),
        random: [random(), Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(8)).join()],
        hang: process.listenerCount('SIGTERM'), standing: process.getActiveResourcesInfo(),
      }))`,
    )
    const start = (env: Record<string, string>, mask: string) =>
      JSON.parse(
        execFileSync(
          '/bin/sh',
          [
            '-c',
            `umask ${mask}; exec "$0" "$@"`,
            process.execPath,
            '--snapshot-blob',
            join(folder, 'image'),
            '--',
            'one',
            '--two',
          ],
          { env, cwd: folder, encoding: 'utf8' },
        ),
      )
    const first = start({ TZ: 'Asia/Tokyo', LC_ALL: 'de_DE.UTF-8', HOME: '/one' }, '077')
    const second = start({ TZ: 'UTC', LC_ALL: 'en_GB.UTF-8', HOME: '/two' }, '022')
    expect(first).toMatchObject({
      env: { TZ: 'Asia/Tokyo', HOME: '/one' },
      argv: ['one', '--two'],
      cwd: folder,
      umask: 0o77,
      locale: 'de-DE',
      zone: 9,
      home: '/one',
      hang: 0,
    })
    expect(second).toMatchObject({ umask: 0o22, locale: 'en-GB', zone: 0, home: '/two' })
    for (const { env, late, standing } of [first, second]) {
      expect(env).not.toHaveProperty('MAKER')
      expect(late).toBeLessThan(60_000)
      expect(standing.filter((name: string) => !/^(TTY|Pipe)Wrap$/.test(name))).toEqual([])
    }
    expect(first.pid).not.toBe(second.pid)
    for (const [index, one] of first.random.entries()) expect(one).not.toBe(second.random[index])
  })
})

/** The program in a place of its own. */
function install(): void {
  for (const name of ['bin', 'dist']) cpSync(join(root, name), join(folder, name), { recursive: true })
}

const image = () => join(folder, 'dist', 'vdd.image')

/** Runs what is installed there, with the Node that made the image. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(join(folder, 'bin', 'vdd'), args, {
    env: surroundings({ VDD_NODE: process.execPath, ...env }),
    encoding: 'utf8',
    cwd,
    timeout: 60_000,
  })
  return { status, stdout, stderr }
}

describe('the launcher', () => {
  /** Whether what is installed there starts from the image, or has to load the program. */
  function waysToStart(env: Readonly<Record<string, string>> = {}): string {
    writeFileSync(join(folder, 'dist', 'main.mjs'), "console.log('loaded')")
    const { status, stdout, stderr } = run(['config', 'example'], env)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout === 'loaded\n' ? 'loaded' : stdout.includes('cluster:') ? 'image' : stdout
  }

  it('starts from the image', () => {
    install()
    expect(waysToStart()).toBe('image')
  })

  it('starts from the image where nothing may be written', () => {
    install()
    writeFileSync(join(folder, 'dist', 'main.mjs'), '')
    execFileSync('chmod', ['-R', 'a-w', join(folder, 'dist')])
    expect(run(['config', 'example'])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('cluster:'),
    })
  })

  it.each<[why: string, damage: () => void, env?: Record<string, string>]>([
    ['there is no image', () => rmSync(image())],
    ['nothing says whom it fits', () => rmSync(`${image()}.fits`)],
    ['it is cut off', () => truncateSync(image(), 1_000_000)],
    ['it is empty', () => writeFileSync(image(), '')],
    ['what says whom it fits is damaged', () => writeFileSync(`${image()}.fits`, 'x')],
    ['every Node has options', () => {}, { NODE_OPTIONS: '--stack-trace-limit=20' }],
  ])('loads the program where %s', (_, damage, env = {}) => {
    install()
    damage()
    expect(waysToStart(env)).toBe('loaded')
  })

  it('loads the program where the Node is another', () => {
    install()
    const node = join(folder, 'node')
    writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`)
    chmodSync(node, 0o755)
    expect(waysToStart({ VDD_NODE: node })).toBe('loaded')
  })
})

describe('from the image and without it', () => {
  const files = {
    'wrong.yaml': 'cluster: here\nhosts:\n  - name: h1\n    rolls: [balancer]\n',
    'silent.yaml': `cluster: here\nhosts:\n  - name: h1.invalid\n    libvirt: qemu:///system\n  - name: d1\n    roles: [directory]\n    address: 127.0.0.2\n    port: 1\nldap:\n  base: dc=x\n`,
  }

  it.each<[args: string[], env?: Record<string, string>]>([
    [['help']],
    [['--version']],
    [['nonsense']],
    [['--demo', 'service', 'list']],
    [['--demo', 'pool', 'list']],
    [['--demo', 'machine', 'show', 'nobody']],
    [['--demo', 'events'], { TZ: 'Asia/Tokyo', LC_ALL: 'de_DE.UTF-8' }],
    [['config', 'check', '--', 'x']],
    [['--config', 'wrong.yaml', 'config', 'check']],
    [['config', 'check'], { VDD_CONFIG: 'wrong.yaml' }],
    [['config', 'check']],
    [['--config', 'silent.yaml', 'host', 'list']],
    [['--config', 'silent.yaml', 'directory', 'list']],
    [['demo'], { TERM: 'dumb' }],
  ])('the same is told: %j %j', (args, env = {}) => {
    install()
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(elsewhere, name), text)
    const told = run(args, { HOME: '/nowhere', XDG_CONFIG_HOME: '/nowhere', ...env }, elsewhere)
    rmSync(image())
    const loaded = run(args, { HOME: '/nowhere', XDG_CONFIG_HOME: '/nowhere', ...env }, elsewhere)
    // What the demo tells happened so long before it began, and one begins after the other.
    const timeless = ({ stdout, ...rest }: typeof told) => ({
      ...rest,
      stdout: stdout.replace(/\d\d:\d\d:\d\d/g, 'TIME'),
    })
    expect(timeless(loaded)).toEqual(timeless(told))
  })

  it('the console looks the same', async () => {
    install()
    const look = async () => {
      const terminal = open(join(folder, 'bin', 'vdd'), ['--no-clock', 'demo'], {
        env: { VDD_NODE: process.execPath, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
      })
      await terminal.until('vdd  DEMO')
      const { command = '' } = terminal.processes().find(({ pid }) => pid === program(terminal)) ?? {}
      terminal.press('?')
      await terminal.until('This screen')
      const screen = terminal.screen().slice(1)
      terminal.press('q')
      terminal.press('q')
      return { command, screen, ending: await terminal.ended() }
    }
    const fromImage = await look()
    rmSync(image())
    const loaded = await look()
    expect(fromImage.command).toContain('vdd.image')
    expect(loaded.command).toContain('main.mjs')
    expect({ ...fromImage, command: '' }).toEqual({ ...loaded, command: '' })
  })
})
