import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { foresee } from '../../src/actions/foresee.ts'
import { confirmation, prepareAll } from '../../src/actions/prepare.ts'
import { actions } from '../../src/actions/table.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { balancing, clusterWorld, nodeIn, resourceIn } from '../support/clusters.ts'
import { pacemaker } from '../support/fixture.ts'
import { StillFleet } from '../support/still-fleet.ts'

const changeOf = (verb: string) => actions.find((one) => one.verb === verb) as Change<unknown>

/** What is shown before it is confirmed, where the cluster answers so. */
async function shown(
  verb: string,
  targets: readonly unknown[],
  world: Snapshot,
  answer: Partial<{ code: number; stdout: string; stderr: string }>,
  answers = {},
) {
  const fleet = new StillFleet(world)
  for (const host of fleet.hosts.values()) host.answer = () => answer
  const { prepared } = prepareAll(changeOf(verb), targets, answers, fleet)
  const known = (await foresee(prepared, fleet, fleet.ending)) ?? prepared
  const asked = [...fleet.hosts.values()].flatMap(({ name, ran }) => ran.map(() => name))
  fleet.journal.close()
  return { known, asked, typed: confirmation(known, fleet) }
}

describe('what would happen', () => {
  const online = clusterWorld({ scene: 'online' })
  const both = [nodeIn(online, 'ha1'), nodeIn(online, 'ha2')]
  const simulated = (name: string) => ({ stdout: pacemaker(`${name}.simulate.xml`) })

  it('is asked of a node and told before it is confirmed', async () => {
    const { known, typed } = await shown('standby', [both[0]], online, simulated('standby'))
    expect(known[0]?.warnings).toEqual([
      'directory-ip, directory-storage and directory-slapd move from ha1 to ha2',
      'watcher stops on ha1',
    ])
    expect(typed).toBeUndefined()
  })

  it('does not warn of what is meant: what is disabled runs nowhere', async () => {
    const address = resourceIn(online, 'directory-ip')
    const { known } = await shown('disable', [address], online, simulated('standby-both'))
    const warnings = (known[0]?.warnings ?? []).filter((one) => one.includes('nowhere'))
    expect(warnings).toEqual(['directory-storage, directory-slapd and watcher run nowhere then'])
  })

  it('is asked for all together, and wants what would run nowhere typed', async () => {
    const { known, asked, typed } = await shown('standby', both, online, simulated('standby-both'))
    expect(asked).toHaveLength(1)
    expect(typed).toBe('2')
    const grave = 'directory-ip, directory-storage, directory-slapd and watcher run nowhere then'
    expect(known[0]?.warnings).toContain(grave)
  })

  it('wants a name typed where only the cluster knows that nothing else could run it', async () => {
    const directory = resourceIn(online, 'directory-ip')
    const ban = { from: 'ha1', hold: 'yes' }
    const { known, typed } = await shown('ban', [directory], online, simulated('standby-both'), ban)
    expect(typed).toBe('directory-ip')
    expect(known[0]?.insists).toMatch(/run nowhere then$/)
  })

  it('names nobody whom it hits where nothing moves', async () => {
    const texts = async (name: string) => {
      const world = balancing()
      const { known } = await shown('standby', [nodeIn(world, 'ha1')], world, simulated(name))
      return {
        said: known[0]?.warnings.some((text) => text.includes('open connection')),
        hits: known[0]?.hits !== undefined,
      }
    }
    expect(await texts('standby')).toEqual({ said: true, hits: true })
    expect(await texts('unmanage')).toEqual({ said: false, hits: false })
  })

  it('does not stand in the way where it cannot be known, and says so', async () => {
    const { known, typed } = await shown('standby', [both[0]], online, {
      code: 1,
      stderr: 'no room for a copy',
    })
    expect(known[0]?.warnings[0]).toBe('what the cluster would do is not known: ha2: no room for a copy')
    expect(typed).toBeUndefined()
  })
})

describe('the node that is told', () => {
  const hostFor = (verb: string, world: Snapshot, name: string) => {
    const fleet = new StillFleet(world)
    const { prepared, leftOut } = prepareAll(changeOf(verb), [nodeIn(world, name)], { mode: 'on' }, fleet)
    fleet.journal.close()
    return prepared[0]?.steps[0]?.host ?? leftOut[0]?.refused
  }

  it('is another than the one that is put on standby, where another knows', () => {
    expect(hostFor('standby', clusterWorld({ scene: 'online' }), 'ha1')).toBe('ha2')
    expect(hostFor('standby', clusterWorld({ scene: 'online' }), 'ha2')).toBe('ha1')
    expect(hostFor('standby', clusterWorld({ ha1: { scene: 'online' } }), 'ha1')).toBe('ha1')
  })

  it('is on the side that has quorum, where one side alone has it', () => {
    const without = (xml: string) => xml.replace('with_quorum="true"', 'with_quorum="false"')
    const [one, two] = [{ scene: 'split-1' }, { scene: 'split-2' }]
    expect(hostFor('maintenance', clusterWorld({ ha1: { ...one, edit: without }, ha2: two }), 'ha1')).toBe(
      'ha2',
    )
    expect(hostFor('maintenance', clusterWorld({ ha1: one, ha2: { ...two, edit: without } }), 'ha1')).toBe(
      'ha1',
    )
    const none = clusterWorld({ ha1: { ...one, edit: without }, ha2: { ...two, edit: without } })
    expect(hostFor('maintenance', none, 'ha1')).toBe(
      'split brain, and no side has quorum: mend the links between the nodes first',
    )
  })
})
