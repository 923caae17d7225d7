import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { removeLeftSocket } from '../../../src/services/display/here/left-socket.ts'

it('the socket of an X server that was killed is taken away, and no other', async () => {
  const base = mkdtempSync(join(tmpdir(), 'vdd-left-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const [left, heard, file] = ['X1', 'X2', 'X3'].map((name) => join(base, name)) as [string, string, string]
  const listens = async (path: string) => {
    const listen = "require('node:net').createServer().listen(process.argv[1], () => console.log('ready'))"
    const child = spawn(process.execPath, ['-e', listen, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    return child
  }
  const killed = await listens(left)
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  await listens(heard)
  writeFileSync(file, '')
  for (const path of [left, heard, file]) await removeLeftSocket(1, path)
  expect([left, heard, file].map((path) => existsSync(path))).toEqual([false, true, true])
})
