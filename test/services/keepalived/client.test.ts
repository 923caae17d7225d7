import { expect, it } from 'vitest'
import { label } from '../../../src/hosts/label.ts'
import type { Shell } from '../../../src/hosts/shell.ts'
import { readKeepalived } from '../../../src/services/keepalived/client.ts'

const configured = [{ name: 'VI_1', addresses: ['10.9.0.100', '10.9.0.101'] }]

/** What is read where keepalived runs or not, and the host has these addresses. */
async function read(addresses: readonly string[], code = 0) {
  const answers: Readonly<Record<string, { code: number; stdout: string }>> = {
    uname: { code: 0, stdout: 'lb1\n' },
    ip: { code: 0, stdout: addresses.map((one) => `2: eth0    inet ${one}/24 scope global eth0\n`).join('') },
    pgrep: { code, stdout: '' },
  }
  const run = async ([program = '']: readonly string[]) => ({ stderr: '', ...answers[program] })
  const asking = { host: 'lb1', shell: { run } as unknown as Shell, timeout: 1000 }
  const told = [{ name: 'VI_1', state: 'backup', effectivePriority: 130 }] as const
  return readKeepalived(asking, { configured, told })
}

it('has an instance only with all of its addresses', async () => {
  const here = async (...addresses: string[]) => (await read(addresses)).instances.map(({ isHere }) => isHere)
  expect(await here('10.9.0.1', '10.9.0.100', '10.9.0.101')).toEqual([true])
  expect(await here('10.9.0.1', '10.9.0.100')).toEqual([false])
})

it('believes what keepalived said last only while it runs', async () => {
  const running = await read([])
  expect(running).toMatchObject({ self: label('lb1'), isRunning: true, instances: [{ state: 'backup' }] })
  const { isRunning, instances } = await read([], 1)
  expect(isRunning).toBe(false)
  expect(instances[0]).not.toHaveProperty('state')
})
