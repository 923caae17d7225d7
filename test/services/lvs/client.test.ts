import { expect, it } from 'vitest'
import type { Shell } from '../../../src/hosts/shell.ts'
import { noSlowFacts, readLvs, readSlowFacts } from '../../../src/services/lvs/client.ts'

/** A shell whose ipvsadm lists so many services of one real server each, and whose ip so many addresses. */
function asking(services: number, addresses = 1) {
  const rows = Array.from(
    { length: services },
    (_, i) => `TCP  10.1.${i >> 8}.${i & 255}:389 wrr\n  -> 10.9.0.11:389      Route   1      0          0\n`,
  )
  const table = `IP Virtual Server version 1.2.1 (size=4096)\n${rows.join('')}`
  const run = async ([program]: readonly string[]) => ({
    code: 0,
    stdout:
      program === 'ipvsadm' ? table : '2: eth0    inet 10.9.0.1/24 scope global eth0\n'.repeat(addresses),
    stderr: '',
  })
  return { host: 'lb1', shell: { run } as unknown as Shell, sudo: false, timeout: 1000 }
}

it('reads a table of 500 services, and none that is larger than any balancer has', async () => {
  expect((await readLvs(asking(500), noSlowFacts)).services).toHaveLength(500)
  const refused = { kind: 'overflow', reason: expect.stringContaining('more than 2600 are not read') }
  await expect(readLvs(asking(9_000), noSlowFacts)).rejects.toMatchObject(refused)
  await expect(readSlowFacts(asking(9_000))).rejects.toMatchObject(refused)
})

it('reads no more addresses than a balancer holds', async () => {
  expect((await readLvs(asking(1, 999), noSlowFacts)).addresses.size).toBe(1)
  await expect(readLvs(asking(1, 1_000), noSlowFacts)).rejects.toMatchObject({
    kind: 'overflow',
    reason: 'the list of its addresses has 1001 lines, and more than 1000 are not read',
  })
})
