import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { Following, followingCommand } from '../../../src/actions/drill/follow.ts'
import { addressesHere, addressesIn } from '../../../src/actions/drill/look-addresses.ts'
import { asInKernel, lookAtWeight, weightIn } from '../../../src/actions/drill/look-weight.ts'
import { until } from '../../support/until.ts'

describe('what is followed past vdd', () => {
  it('is told with the times between which it became so', () => {
    const following = new Following()
    for (const line of [
      '5.00 5.10 4',
      'clock 100.00 1764524000.000000000 100.02',
      '99.98 100.05 4',
      '102.00 102.06 none',
      'sh: rubbish',
      '1 2 a;b',
    ])
      following.take(line)
    const ahead = 1_764_524_000_000 - 100_010
    expect(following.found).toEqual([
      { before: 99_980 + ahead - 20, after: 100_050 + ahead + 20, value: '4' },
      { before: 102_000 + ahead - 20, after: 102_060 + ahead + 20, value: 'none' },
    ])
  })

  it('is the weight of a real server in the table of a balancer', () => {
    const { script, words } = lookAtWeight('TCP 10.9.0.100:389', '10.9.0.12:389')
    const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A090064:0050 sed
  -> 0A09000C:0185      Route   9      0          0
TCP  0A090064:0185 sed
  -> 0A09000C:0185      Route   2      0          0
  -> 0A09000B:0185      Route   4      0          0
`
    const found = (...of: readonly string[]) =>
      spawnSync('sh', ['-c', `${script.replace(' < /proc/net/ip_vs', '')}\necho "$now"`, 'sh', ...of], {
        input: table,
        encoding: 'utf8',
      }).stdout.trim()
    expect(found(...words)).toBe('2')
    expect(found(words[0] ?? '', '0A09000D:0185')).toBe('none')
    expect(['2', 'none', '0'].map(weightIn)).toEqual([2, 0, 0])
  })

  it.each([
    ['10.9.0.100:389', '0A090064:0185'],
    ['[fd00::b]:636', '[fd00:0000:0000:0000:0000:0000:0000:000b]:027C'],
    ['[::1]:1812', '[0000:0000:0000:0000:0000:0000:0000:0001]:0714'],
  ])('is looked for as the kernel writes %s', (place, wanted) => {
    expect(asInKernel(place)).toBe(wanted)
  })

  it('is which addresses a host has, but those of loopback', async () => {
    const wanted = JSON.parse(spawnSync('ip', ['-j', 'addr'], { encoding: 'utf8' }).stdout || '[]') as {
      addr_info: { family: string; local: string; scope: string }[]
    }[]
    const global = wanted.flatMap(({ addr_info: all }) => all.filter(({ scope }) => scope === 'global'))
    const [command, ...words] = followingCommand(addressesHere, false)
    const child = spawn(command, words)
    const following = new Following()
    child.stdout.on('data', (piece: Buffer) =>
      piece
        .toString()
        .split('\n')
        .forEach((line) => void following.take(line)),
    )
    await until('the first look', () => following.found.length > 0)
    child.kill()
    const found = addressesIn(following.found[0]?.value ?? '')
    for (const { family, local } of global) if (family === 'inet') expect(found).toContain(local)
    expect([...found].filter((one) => one.startsWith('127.'))).toEqual([])
    expect(found.size).toBe(new Set(global.map(({ local }) => local)).size)
    expect(addressesIn('none').size).toBe(0)
  })

  it('goes by sudo where that is configured', () => {
    expect(followingCommand(addressesHere, true).slice(0, 4)).toEqual(['sudo', '-n', 'sh', '-c'])
  })
})
