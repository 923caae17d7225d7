import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { foresee } from '../../../src/actions/foresee.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import { actionsOf } from '../../../src/actions/table.ts'
import { ownerOf } from '../../../src/fleet/cluster/owner.ts'
import type { MachineRecord } from '../../../src/fleet/machine/record.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { parseMachines } from '../../../src/services/pacemaker/machines.ts'
import { machineResources, ownedWorld as worldOf } from '../../support/clusters.ts'
import { StillFleet } from '../../support/still-fleet.ts'

/** What would be run for one of them, or why nothing is. */
function planOf(verb: string, world: Snapshot, answers = {}, which = 0) {
  const fleet = new StillFleet(world)
  const action = actionsOf.machine.find((one) => one.verb === verb) as Change<MachineRecord>
  const plan = prepare(action, world.machines[which] as MachineRecord, answers, fleet)
  fleet.journal.close()
  if ('refused' in plan) return { refused: plan.refused }
  const { steps, warnings } = plan
  return { runs: steps.map(({ host, argv }) => `${host}$ ${argv.join(' ')}`), warnings, plan }
}

const meta = (role: string) =>
  `ha1$ /usr/sbin/crm_resource --resource vm-mail1 --meta --set-parameter target-role --parameter-value ${role}`
const owned = 'it is the resource vm-mail1 of the cluster ha1+ha2'

describe('a machine that is a resource of a cluster', () => {
  it('is found by the name of its file, of its template, or of the resource', () => {
    expect(parseMachines(machineResources)).toEqual([
      { resource: 'vm-web1', machine: 'web1', isLive: true },
      { resource: 'vm-web2', machine: 'web2', isLive: true },
      { resource: 'web3', machine: 'web3', isLive: false },
    ])
    const world = worldOf()
    expect(world.machines.map((one) => ownerOf(one, world)?.name)).toEqual(['vm-mail1', undefined, undefined])
  })

  it('is shut down and started by the cluster', () => {
    expect(planOf('shutdown', worldOf())).toMatchObject({ runs: [meta('Stopped')], warnings: [owned] })
    const off = worldOf({ state: 'shut off', resource: 'managed="true" target_role="Stopped"' })
    expect(planOf('start', off)).toMatchObject({ runs: [meta('Started')], warnings: [owned] })
  })

  it('is moved live by the cluster, and its rule is cleared after it', () => {
    expect(planOf('migrate', worldOf(), { to: 'ha2' })).toMatchObject({
      runs: [
        'ha1$ /usr/sbin/crm_resource --resource vm-mail1 --move --node ha2',
        'ha1$ /usr/sbin/crm_resource --wait --timeout 120s',
        'ha1$ /usr/sbin/crm_resource --resource vm-mail1 --clear',
      ],
      warnings: [owned],
    })
    const { warnings } = planOf('migrate', worldOf({ live: 'false' }), { to: 'ha2' })
    expect(warnings).toContain('it is stopped and started there, not moved live (allow-migrate)')
  })

  it('goes to nodes of its cluster alone', () => {
    expect(planOf('migrate', worldOf(), { to: 'hv9' })).toEqual({
      refused: 'To which host: it is no node of its cluster',
    })
  })

  it('is not ended or forgotten behind the back of the cluster', () => {
    expect(planOf('off', worldOf())).toEqual({
      refused: 'its cluster would start it again (resource vm-mail1): shut it down',
    })
    const off = worldOf({ state: 'shut off' })
    expect(planOf('undefine', off).refused).toMatch(/^its cluster needs it/)
    expect(planOf('start', off)).toEqual({
      refused: 'its cluster wants it started already: look at its resource vm-mail1',
    })
    // Told to stop and hanging, it may be.
    const hanging = worldOf({ resource: 'managed="true" target_role="Stopped"' })
    expect(planOf('off', hanging).runs?.[0]).toContain('destroy')
  })

  it('is not started by its host as well; where that is so, it can be ended', () => {
    expect(planOf('autostart', worldOf(), { autostart: 'on' })).toEqual({
      refused: 'its cluster starts it (resource vm-mail1)',
    })
    const doubly = worldOf({ autostart: true })
    expect(planOf('autostart', doubly, { autostart: 'off' }).runs?.[0]).toContain('autostart --disable')
    expect(planOf('autostart', worldOf(), { autostart: 'on' }, 1).runs?.[0]).toContain('autostart')
  })

  it('may be one where its cluster does not tell', () => {
    const text = 'whether a cluster runs it is not known: no node tells'
    const silent = (clusters: Snapshot['clusters']) => ({ ...worldOf(), clusters })
    const { clusters } = worldOf()
    const dumb = clusters.map(({ host, manager }) => ({ host, manager }))
    const unnamed = clusters.map(({ reading, ...rest }) => {
      const { machines: _, ...told } = reading ?? {}
      return { ...rest, reading: told } as (typeof clusters)[number]
    })
    for (const one of [dumb, unnamed])
      expect(planOf('shutdown', silent(one)).warnings, JSON.stringify(one)).toEqual([text])
    expect(planOf('shutdown', silent(dumb), {}, 2).warnings).toEqual([])
  })

  it.each([
    ['nobody manages', { resource: 'managed="false"' }],
    ['rests with its cluster', { maintenance: true, resource: 'managed="false"' }],
    ['is managed by a cluster that runs nothing now', { stopsAll: true }],
  ])('is done to as ever while it %s, and that is said', (_what, given) => {
    const { runs, warnings } = planOf('shutdown', worldOf(given))
    expect(runs?.[0]).toContain('virsh')
    expect(warnings).toContain(
      'its cluster leaves it alone now (resource vm-mail1): it is done past the cluster',
    )
  })

  it('is another one where it has that name on a host of no cluster, or another name', () => {
    for (const which of [1, 2]) {
      const { runs, warnings } = planOf('shutdown', worldOf(), {}, which)
      expect(runs?.[0]).toContain('virsh')
      expect(warnings).toEqual([])
    }
  })

  it('is asked about at the cluster alone', async () => {
    const world = worldOf()
    const fleet = new StillFleet(world)
    const of = (which: number) => planOf('shutdown', world, {}, which).plan
    const [own, other] = [of(0), of(1)]
    if (!own || !other) throw new Error('no plan')
    expect(foresee([other], fleet, fleet.ending)).toBeUndefined()
    const known = await foresee([own], fleet, fleet.ending)
    expect(fleet.hosts.get('ha1')?.ran).toHaveLength(1)
    expect(known?.[0]?.warnings[0]).toMatch(/^what the cluster would do is not known/)
    fleet.journal.close()
  })

  it('is undone by enabling its resource, since no hypervisor knows it when it is off', () => {
    const world = worldOf()
    const shutdown = actionsOf.machine.find((one) => one.verb === 'shutdown') as Change<MachineRecord>
    const undo = (which: number) => shutdown.undo?.(world.machines[which] as MachineRecord, {}, world)
    expect(undo(0)).toEqual({ verb: 'enable', answers: {}, targets: ['ha1+ha2 vm-mail1'] })
    expect(undo(1)).toEqual({ verb: 'start', answers: {} })
  })
})
