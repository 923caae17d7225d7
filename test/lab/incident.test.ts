import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { openFleet } from '../../src/cli/open.ts'
import type { Fleet } from '../../src/fleet/fleet.ts'
import { until } from '../support/until.ts'
import { describeLab, Lab } from './lab.ts'

/**
 * Milliseconds by which something may be seen late, a wide bound. A host without power says nothing: its cluster misses it after token and consensus, and
 * vdd, which asks each node once a second, hears of that.
 */
const late = 15_000

describeLab('an incident of a real cluster', () => {
  const lab = Lab.forThisFile('ha')

  /** Those of the cluster under Pacemaker: other hosts of the lab may be slow where a machine is busy. */
  const incidents = ({ fleet }: { readonly fleet: Fleet }) =>
    fleet
      .snapshot()
      .incidents.filter(({ entries }) => entries.some(({ about }) => about?.id.startsWith('ha1+ha2 ')))
  const end = async (fleet: Fleet) => {
    await fleet.stop()
    fleet.journal.close()
  }
  const places = (fleet: Fleet) => {
    const tellers = fleet.snapshot().clusters.flatMap(({ reading }) => reading?.cluster.resources ?? [])
    return [...new Set(tellers.filter(({ id }) => id === 'directory-ip').flatMap(({ nodes }) => nodes))]
  }

  /** What is known, for whoever reads why it waited in vain. */
  const told = (fleet: Fleet) =>
    [
      ...fleet.snapshot().clusters.map(({ host, trouble }) => `${host}: ${trouble?.reason ?? 'well'}`),
      ...fleet.journal
        .latest(60)
        .map(
          (one) => `${new Date(one.at).toISOString()} ${one.host} ${one.type} ${one.about?.id} ${one.text}`,
        ),
    ].join('\n')

  it('has the times of a power cut and of the take-over, and is the same for a console that comes afterwards', async () => {
    const fleet = await lab.fleet()
    try {
      const holder = await until('one that holds the address', () => {
        const [holder, ...more] = places(fleet)
        const areThere = fleet.snapshot().clusters.every(({ reading, trouble }) => reading && !trouble)
        if (areThere && !more.length && holder) return holder
        throw new Error(told(fleet))
      })
      expect(incidents({ fleet })).toEqual([])
      const other = holder === 'ha1' ? 'ha2' : 'ha1'
      const address = '10.79.0.100'
      const taken = lab.on(
        other,
        'sh',
        '-c',
        `until ip -o addr | grep -qF ' ${address}/'; do sleep 0.02; done; date +%s.%N`,
      )
      const pid = Number.parseInt(readFileSync(join(lab.directory, 'ha/run', holder, 'init.pid'), 'utf8'), 10)
      const cutAt = Date.now()
      process.kill(pid, 'SIGKILL')
      const takenAt = Number(await taken) * 1000
      const open = await until('the take-over', () => {
        const found = incidents({ fleet }).find(({ settled }) => settled)
        if (found) return found
        throw new Error(told(fleet))
      })
      expect(open).toMatchObject({ rule: 'cluster', times: 1 })
      expect(incidents({ fleet })).toHaveLength(1)
      expect(open.open.length).toBeGreaterThan(0)
      expect(fleet.alerts().map(({ about }) => about)).toContainEqual({ kind: 'incident', id: open.id })
      expect(Math.abs(open.fault.at - cutAt)).toBeLessThan(late)
      expect(Math.abs((open.acted?.at ?? 0) - takenAt)).toBeLessThan(late)
      await lab.run('power', holder, 'off')
      await lab.run('power', holder, 'on')
      const over = await until('the end', () => incidents({ fleet }).find(({ restored }) => restored))
      const later = await openFleet({ config: join(lab.directory, 'fleet.yaml') }, false)
      try {
        // What logs tell of it comes a little later.
        const inBoth = [fleet, later].map(
          (one) => () => incidents({ fleet: one }).find(({ id }) => id === over.id),
        )
        await until('the same incident', () => isDeepStrictEqual(inBoth[0]?.(), inBoth[1]?.()))
      } finally {
        await end(later)
      }
      process.stdout.write(
        `power cut: first sign after ${open.fault.at - cutAt} ms, take-over ${(open.acted?.at ?? 0) - takenAt} ms after the address was there\n`,
      )
    } finally {
      await end(fleet)
    }
  })
})
