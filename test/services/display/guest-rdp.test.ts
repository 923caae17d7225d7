import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Guest } from '../../../src/services/display/keeper/guest.ts'
import type { ShowingOptions } from '../../../src/services/display/keeper/shown.ts'
import { type Said, wishSchema } from '../../../src/services/display/opening.ts'
import { Windows } from '../../support/windows.ts'

/** Shows the unix socket of /v: to whom knows the password, until that ends. */
const viewer = `#!/usr/bin/env node
const { writeFileSync, renameSync, readFileSync } = require('node:fs')
if (readFileSync(0, 'utf8') !== 'geheim\\n') {
  process.stderr.write('freerdp_set_last_error_ex ERRCONNECT_LOGON_FAILURE [0x00020014]\\n')
  process.exit(132)
}
const socket = require('node:net').connect(process.argv[2].slice(3))
socket.on('data', () => {}).on('close', () => process.exit(0))
writeFileSync(__filename + '.new', String(process.pid))
renameSync(__filename + '.new', __filename + '.pid')
`
const certificate = Array(32).fill('ab').join(':')
const confirms = Buffer.from([3, 0, 0, 11, 6, 0xd0, 0, 0, 0x12, 0x34, 0])

let folder: string
let screen: Windows
let guest: Guest
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vdd-rdp-'))
  await writeFile(join(folder, 'xfreerdp'), viewer)
  await chmod(join(folder, 'xfreerdp'), 0o755)
  screen = new Windows()
})
afterEach(async () => {
  await guest.end()
  screen.close()
  await rm(folder, { recursive: true, force: true })
})

/** Somebody who types these passwords, one after the other. */
async function typing(...passwords: string[]) {
  const said: Said[] = []
  const brought: PassThrough[] = []
  const env = {
    DISPLAY: await screen.listen(),
    PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`,
    USER: 'anna',
  }
  const opener = {
    wish: wishSchema.parse({ machine: { name: 'windows-01' }, system: 'windows', shows: 'screen' }),
    signal: new AbortController().signal,
    say: (one: Said) => void said.push(one),
    answer: async () => ({ password: passwords.shift() ?? '' }),
  }
  const book = { state: { terminal: { name: 'term3', display: env.DISPLAY } }, tell: async () => {} }
  guest = new Guest({ id: 'k7q2mz', folder, env, opener, book } as unknown as ShowingOptions, async () => {
    const [from, to] = [new PassThrough(), new PassThrough()]
    from.write(confirms)
    brought.push(from)
    const end = () => {
      from.destroy()
      to.destroy()
    }
    return { protocol: 'rdp', certificate, from, to, end }
  })
  return { said, brought, opened: guest.open() }
}

describe('the screen of a machine by RDP', () => {
  it('asks for the password again where it is wrong, and ends where the machine takes leave', async () => {
    const { said, brought, opened } = await typing('falsch', 'geheim')
    const pid = () => readFile(join(folder, 'xfreerdp.pid'), 'utf8').then(Number, () => undefined)
    await expect.poll(pid).toEqual(expect.any(Number))
    await screen.add(Number(await pid()), { width: 1024, height: 768 })
    await opened
    expect(said.filter((one) => 'asks' in one)).toEqual([
      { asks: 'password', attempt: 1, user: 'anna' },
      { asks: 'password', attempt: 2, user: 'anna' },
    ])
    // Nobody was kept waiting for a person who types.
    expect(brought.filter(({ destroyed }) => !destroyed)).toHaveLength(1)
    brought.at(-1)?.end()
    expect(await guest.ended).toBe('ended')
  })

  it('is refused after three of them', async () => {
    const { said, brought, opened } = await typing('a', 'b', 'c', 'd')
    await expect(opened).rejects.toMatchObject({ kind: 'auth' })
    expect(said.filter((one) => 'asks' in one)).toHaveLength(3)
    expect(brought.every(({ destroyed }) => destroyed)).toBe(true)
  })
})
