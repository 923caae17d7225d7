import { PassThrough } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { expect, it } from 'vitest'
import { collect } from '../../src/hosts/collect.ts'
import { isNotFound, RemoteCommand } from '../../src/hosts/remote-command.ts'

function command() {
  const stderr = new PassThrough()
  const channel = Object.assign(new PassThrough(), { stderr, signal: () => {}, close: () => {} })
  const one = new RemoteCommand(
    channel as unknown as ClientChannel,
    new AbortController().signal,
    async () => {},
  )
  let said = ''
  one.stderr.on('data', (data: Buffer) => {
    said += data
  })
  const end = async () => {
    const over = new Promise((resolve) => one.stderr.on('end', resolve))
    stderr.end()
    await over
    return said
  }
  return { one, stderr, end }
}

it.each([
  ['alone', 'vdd-group:12\n', ''],
  [
    'behind what an rc file says',
    'hello\nyou\nvdd-group:12\nlater\nvdd-group:13\n',
    'hello\nyou\nlater\nvdd-group:13\n',
  ],
  ['not in the middle of a line', 'a vdd-group:11\nvdd-group:12\nb', 'a vdd-group:11\nb'],
])('takes the line with the group out, byte by byte too: %s', async (_what, text, rest) => {
  for (const pieces of [[text], [...text]]) {
    const { one, stderr, end } = command()
    for (const piece of pieces) stderr.write(piece)
    expect(await end()).toBe(rest)
    expect(await one.stderr.group(10)).toBe(12)
  }
})

it.each(['\n', 'A'])('looks at each byte once where a host sends them one by one (%j)', async (byte) => {
  const { one, stderr, end } = command()
  const began = performance.now()
  for (let i = 0; i < 65_000; i++) stderr.write(byte)
  expect(await end()).toHaveLength(65_000)
  expect(await one.stderr.group(10)).toBeUndefined()
  // A wide bound: it takes a fifth of a second, and took two to three when all was searched again for each.
  expect(performance.now() - began).toBeLessThan(1_500)
})

it('ends what says its answer in more pieces than any has, before they fill the memory', async () => {
  const stdout = new PassThrough()
  let killed = 0
  const channel = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    ended: new Promise<never>(() => {}),
    kill: () => killed++,
  }
  const answer = collect('a', ['x'], {}, async () => channel)
  setImmediate(() => {
    for (let i = 0; i < 70_000; i++) stdout.write('A')
  })
  await expect(answer).rejects.toMatchObject({ kind: 'overflow' })
  expect(killed).toBe(1)
})

it('tells by the last words of a shell that a program is not there, however much was said before', () => {
  const much = 'x\n'.repeat(10_000)
  const words = 'bash: line 1: virsh: command not found\n'
  expect(isNotFound('virsh', `${much}${words}`)).toBe(true)
  expect(isNotFound('virsh', `${words}${much}`)).toBe(false)
})
