import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Trace } from '../../src/hosts/host.ts'
import { LocalHost } from '../../src/hosts/local.ts'
import { until } from '../support/until.ts'
import { isRunning } from './support/sshd.ts'

describe('LocalHost', () => {
  let host: LocalHost
  let traces: Trace[]
  beforeEach(() => {
    traces = []
    host = new LocalHost({ onTrace: (trace) => traces.push(trace) })
  })
  afterEach(() => host.close())

  /** A number of seconds to sleep that nobody else uses, to find the process by. */
  const mark = () => `1${String(process.pid).padStart(7, '0')}.${Math.floor(Math.random() * 1e9)}`

  it('gives the outputs and the exit status as they are', async () => {
    expect(await host.run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
    expect(await host.run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ code: null })
  })

  it('passes words as they are, with no shell', async () => {
    const words = ['$(id)', '', '-n', "it's", 'a\nb', '*']
    const { stdout } = await host.run(['printf', '%s\\0', ...words])
    expect(stdout.split('\0').slice(0, -1)).toEqual(words)
  })

  it('feeds standard input and closes it', async () => {
    const input = 'secret\n'.repeat(100_000)
    expect((await host.run(['cat'], { input })).stdout).toBe(input)
    expect((await host.run(['cat'])).stdout).toBe('')
    expect(await host.run(['true'], { input })).toMatchObject({ code: 0 })
    expect(JSON.stringify(traces)).not.toContain('secret')
  })

  it('tells standard error as it comes', async () => {
    const told: string[] = []
    await host.run(['sh', '-c', 'echo 1 >&2; echo 2 >&2'], { onStderr: (text) => told.push(text) })
    expect(told.join('')).toBe('1\n2\n')
  })

  it('says that a program is missing or may not be run', async () => {
    await expect(host.run(['no-such-program'])).rejects.toMatchObject({
      kind: 'exec',
      host: 'localhost',
      message: 'localhost: no-such-program: command not found',
    })
    await expect(host.run(['/etc/passwd'])).rejects.toThrow('permission denied')
    await expect(host.run(['echo', 'a\0b'])).rejects.toMatchObject({ kind: 'exec' })
    await expect(host.stream(['no-such-program'])).rejects.toMatchObject({ kind: 'exec' })
  })

  it('leaves nothing behind of a command that took too long, not even its children', async () => {
    const seconds = mark()
    const late = host.run(['sh', '-c', `sleep ${seconds} & sleep ${seconds}; true`], { timeout: 300 })
    await expect(late).rejects.toMatchObject({
      kind: 'timeout',
      message: 'localhost: sh: no answer in 0.3 s',
    })
    await until('the sleeps to be gone', () => !isRunning(seconds))
  })

  it('ends a command that ignores SIGTERM', async () => {
    const seconds = mark()
    const late = host.run(['sh', '-c', `trap '' TERM; sleep ${seconds}; sleep ${seconds}`], { timeout: 300 })
    await expect(late).rejects.toMatchObject({ kind: 'timeout' })
    await until('the sleeps to be gone', () => !isRunning(seconds))
  })

  it('can be cancelled, before and during', async () => {
    await expect(host.run(['true'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
    })
    const seconds = mark()
    const leaving = new AbortController()
    const running = host.run(['sleep', seconds], { signal: leaving.signal })
    running.catch(() => {})
    await until('the sleep', () => isRunning(seconds))
    leaving.abort()
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' })
    await until('the sleep to be gone', () => !isRunning(seconds))
  })

  it('hears the end of the program once, for all the hosts that there are', async () => {
    const before = process.listenerCount('exit')
    const hosts = Array.from({ length: 30 }, () => new LocalHost())
    const channels = await Promise.all(hosts.map((one) => one.stream(['sleep', mark()])))
    expect(process.listenerCount('exit')).toBeLessThanOrEqual(before + 1)
    for (const { stdout, stderr } of channels) {
      stdout.resume()
      stderr.resume()
    }
    await Promise.all(hosts.map((one) => one.close()))
    await Promise.all(channels.map(({ ended }) => ended))
    expect(process.listenerCount('exit')).toBeLessThanOrEqual(before)
  })

  it('bounds the output', async () => {
    await expect(host.run(['yes'], { limit: 1000 })).rejects.toMatchObject({ kind: 'overflow' })
    await expect(host.run(['printf', 'x'.repeat(1001)], { limit: 1000 })).rejects.toMatchObject({
      kind: 'overflow',
    })
    expect((await host.run(['printf', 'x'.repeat(1000)], { limit: 1000 })).stdout).toHaveLength(1000)
  })

  it('follows a command that goes on, and ends it', async () => {
    const channel = await host.stream(['cat'])
    channel.stdin.write('hello\n')
    expect(String(await new Promise((resolve) => channel.stdout.once('data', resolve)))).toBe('hello\n')
    channel.kill()
    expect(await channel.ended).toEqual({ code: null })
  })

  it('lets go of the output that a daemon keeps which it has started', async () => {
    // It tells its number when it is a session of its own: before, it would end with the command.
    const daemon = `setsid sh -c 'echo $$; exec sleep ${mark()}'`
    const channel = await host.stream(['sh', '-c', `${daemon} & wait`])
    const pid = Number(await new Promise((resolve) => channel.stdout.once('data', resolve)))
    channel.kill()
    expect(await channel.ended).toEqual({ code: null })
    process.kill(pid, 'SIGKILL')
  })

  it('ends what runs when it is closed, and then runs nothing more', async () => {
    const channel = await host.stream(['sleep', mark()])
    await host.close()
    channel.stdout.resume()
    channel.stderr.resume()
    expect(await channel.ended).toEqual({ code: null })
    await expect(host.run(['true'])).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('tells what was asked, how long it took and what came of it', async () => {
    await host.run(['false'])
    await host.run(['no-such-program']).catch(() => {})
    expect(traces).toMatchObject([
      { host: 'localhost', argv: ['false'], outcome: 'exit 1' },
      { argv: ['no-such-program'], outcome: 'exec: no-such-program: command not found' },
    ])
    expect(traces[0]?.ms).toBeGreaterThan(0)
  })
})
