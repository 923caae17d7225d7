import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { until } from '../support/until.ts'
import { describeLab, Lab } from './lab.ts'

/** What `vdd drill --json` says. */
interface Drilled {
  readonly takenSeconds: number | null
  readonly restored: boolean
  readonly timeline: readonly {
    readonly what: string
    readonly measuredAt: string
    readonly toldAt: string | null
  }[]
}

/** Milliseconds by which vdd may be late on a busy machine: a wide bound. */
const late = 10_000

// What breaks the slapds of front ends is tried behind real balancers (lvs.test.ts).
describeLab('drills on real pairs', () => {
  const lab = Lab.forThisFile('ha')
  const vdd = async (...args: string[]) => {
    const config = join(lab.directory, 'drills.yaml')
    writeFileSync(config, `drills: allowed\n${readFileSync(lab.config, 'utf8')}`)
    return await lab.vddWith(config, ...args)
  }
  const has = async (host: string, address: string) =>
    (await lab.on(host, 'ip', '-o', 'addr')).includes(` ${address}/`)
  /** The nodes of a cluster with how many resources each runs, as vdd knows them. */
  const holder = async (...nodes: string[]) =>
    await until(`one of ${nodes} that has all`, async () => {
      const all = JSON.parse((await vdd('node', 'list', '--json')).stdout) as {
        name: string
        state: string
        runs: number
      }[]
      const own = all.filter(({ name }) => nodes.includes(name))
      const isWhole = own.length === nodes.length && own.every(({ state }) => state === 'online')
      return isWhole && own.toSorted((a, b) => b.runs - a.runs)[0]?.name
    })

  async function drilled(kind: string, name: string, ...words: string[]): Promise<Drilled> {
    const { stdout, stderr } = await vdd('drill', kind, name, '--yes', name, '--for', '8', '--json', ...words)
    if (!stdout) throw new Error(stderr)
    const drill = JSON.parse(stdout) as Drilled
    expect(drill).toMatchObject({ [kind]: name, takenSeconds: expect.any(Number), restored: true })
    for (const { toldAt, measuredAt } of drill.timeline)
      expect(Math.abs(Date.parse(toldAt ?? '') - Date.parse(measuredAt))).toBeLessThan(late)
    const apart = drill.timeline.map(
      ({ what, toldAt, measuredAt }) => `${what} ${Date.parse(toldAt ?? '') - Date.parse(measuredAt)} ms`,
    )
    process.stdout.write(
      `${kind} ${name}: taken over after ${drill.takenSeconds} s; vdd's timeline: ${apart.join(', ')}\n`,
    )
    return drill
  }

  it('end the keepalived that has the address, and it has it again', async () => {
    await holder('kl1', 'kl2')
    const drill = await drilled('balancer', 'kl1')
    expect(drill.timeline.map(({ what }) => what)).toEqual(['fault', 'taken'])
    expect(await has('kl1', '10.79.0.120')).toBe(true)
  })

  it('cut its link, which its host mends; nothing is left of what cut it', async () => {
    await holder('kl1', 'kl2')
    const drill = await drilled('link', 'kl1')
    expect(drill.timeline.map(({ what }) => what)).toEqual(['taken'])
    const left = 'tc qdisc show; iptables-save -t raw; ip6tables-save -t raw'
    expect(await lab.on('kl1', 'sh', '-c', left)).not.toMatch(/clsact|DROP/)
  })

  it('put the node of Pacemaker on standby that has all, and bring it back', async () => {
    const node = await holder('ha1', 'ha2')
    await drilled('node', node)
    expect(await lab.on(node, 'cibadmin', '--query')).not.toContain('name="standby" value="on"')
  })

  it('cut off nobody whose storage would be mounted twice then', async () => {
    const heartbeat = await holder('hb1', 'hb2')
    const { exitCode, stderr } = await vdd('drill', 'link', heartbeat, '--yes', heartbeat)
    expect([exitCode, stderr]).toEqual([exit.refused, expect.stringContaining('would run twice')])
  })
})
