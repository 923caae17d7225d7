import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostError } from '../../src/hosts/host.ts'
import { LocalHost } from '../../src/hosts/local.ts'
import { Shell } from '../../src/hosts/shell.ts'

const patience = 20_000
let host: LocalHost
let shell: Shell
beforeEach(async () => {
  host = new LocalHost({ name: 'here' })
  shell = await Shell.open(host)
})
afterEach(async () => {
  shell.close()
  await host.close()
})

describe('a shell that stays', () => {
  it('gives what a command says on both outputs, and its status', async () => {
    const argv = ['sh', '-c', 'echo out; echo err >&2; exit 3']
    expect(await shell.run(argv, patience)).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  it('keeps an output as it is: empty, without an end of line, with blank lines, with numbers last', async () => {
    for (const text of ['', 'no end', '\n', '\n\n7\n', '12', 'a\n0\n'])
      expect(await shell.run(['printf', '%s', text], patience)).toEqual({ code: 0, stdout: text, stderr: '' })
  })

  it('passes words as they are', async () => {
    const words = [`$(touch x)`, '`id`', "it's", 'a  b', '', '*', '\n', 'é', '-n', '\\', '"']
    const { stdout } = await shell.run(['printf', '<%s>', ...words], patience)
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''))
  })

  it('answers in order what is asked at once', async () => {
    const all = await Promise.all([1, 2, 3].map((n) => shell.run(['echo', `${n}`], patience)))
    expect(all.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n'])
  })

  it('lets no command read the ones behind it', async () => {
    const [read, next] = await Promise.all([shell.run(['cat'], patience), shell.run(['echo', 'x'], patience)])
    expect([read?.stdout, next?.stdout]).toEqual(['', 'x\n'])
  })

  it('says of a missing program what the shell says', async () => {
    expect(await shell.run(['no-such-program'], patience)).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('no-such-program'),
    })
  })

  it('speaks English, and finds the programs of an administrator', async () => {
    const { stdout } = await shell.run(['sh', '-c', 'echo "$LC_ALL $PATH"'], patience)
    expect(stdout).toMatch(/^C .*\/usr\/sbin/)
  })

  it('ends with a command that hangs, and says which', async () => {
    const failed = (error: HostError) => [error.kind, error.reason]
    const hung = shell.run(['sleep', '600'], 200).catch(failed)
    const behind = shell.run(['echo', 'x'], patience).catch(failed)
    expect(await hung).toEqual(['timeout', 'sh sleep did not answer in 0.2 s'])
    expect(await behind).toEqual(['timeout', 'sh sleep did not answer in 0.2 s'])
    expect(shell.closed).toBe(true)
  })
})
