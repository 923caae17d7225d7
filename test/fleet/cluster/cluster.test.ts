import { describe, expect, it } from 'vitest'
import { ToldConditions } from '../../../src/fleet/alerts/conditions.ts'
import { clustersOf } from '../../../src/fleet/cluster/cluster.ts'
import { Clusters } from '../../../src/fleet/cluster/clusters.ts'
import {
  clusterAlerts,
  clusterFaults,
  nodeConditions,
  resourceConditions,
} from '../../../src/fleet/cluster/conditions.ts'
import type { CarriedFacts, MemberFacts, TellerRecord } from '../../../src/fleet/cluster/record.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import type { PacemakerReading } from '../../../src/services/pacemaker/facts.ts'
import { parseMachines } from '../../../src/services/pacemaker/machines.ts'
import { parseCrmMon, parseLeftRules } from '../../../src/services/pacemaker/parse.ts'
import { pacemaker } from '../../support/fixture.ts'
import { host, snapshot } from '../../support/records.ts'

const told = (name: string, scene: string, at = 10_000, rules?: string): PacemakerReading => ({
  host: name,
  at,
  took: 50,
  cluster: parseCrmMon(pacemaker(`${scene}.crm_mon.xml`)),
  ...(rules ? { left: parseLeftRules(pacemaker(`${rules}.constraints.xml`)) } : {}),
})
const teller = (name: string, scene: string, at?: number, rules?: string): TellerRecord => ({
  host: name,
  manager: 'pacemaker',
  reading: told(name, scene, at, rules),
})
const silent = (name: string): TellerRecord => ({
  host: name,
  manager: 'pacemaker',
  trouble: { kind: 'refused', reason: say`does not know`, advice: say``, since: 1 },
})

const only = (tellers: readonly TellerRecord[]) => {
  const clusters = clustersOf(tellers)
  expect(clusters).toHaveLength(1)
  return clusters[0] as NonNullable<(typeof clusters)[0]>
}
const states = (tellers: readonly TellerRecord[]) =>
  only(tellers).nodes.map(({ name, state }) => `${name} ${state}`)
const places = (tellers: readonly TellerRecord[]) =>
  only(tellers).resources.map(({ name, places: at }) => `${name}: ${at.map(({ node }) => node).join(' ')}`)
const texts = (tellers: readonly TellerRecord[]) =>
  clusterFaults(only(tellers)).map(
    ({ concern, condition }) => `${condition.severity} ${concern.name}: ${condition.text}`,
  )

it('an unclean node waits for its fencing only where there is any', () => {
  const [node] = only([teller('ha1', 'online'), teller('ha2', 'online')]).nodes
  if (!node) throw new Error('none')
  // As it was recorded: stonith-enabled="false".
  expect(node.fencingEnabled).toBe(false)
  const { fencingEnabled: _, ...silentOfIt } = { ...node, state: 'unclean' as const }
  const text = (fencing?: boolean) =>
    nodeConditions({ ...silentOfIt, ...(fencing === undefined ? {} : { fencingEnabled: fencing }) })[0]?.text
  expect([true, false, undefined].map(text)).toEqual([
    'unclean: what runs on it is not known, and nothing of it is started elsewhere until it is fenced',
    'unclean: what runs on it is not known, and is started elsewhere all the same: nodes are not fenced here',
    'unclean: what runs on it is not known',
  ])
})

describe('clustersOf', () => {
  it('makes one cluster of what its nodes tell, and one record of the parts of a clone', () => {
    const tellers = [teller('ha1', 'online'), teller('ha2', 'online')]
    expect(only(tellers)).toMatchObject({ id: 'ha1+ha2', partitions: [{ online: ['ha1', 'ha2'] }] })
    expect(states(tellers)).toEqual(['ha1 online', 'ha2 online'])
    expect(places(tellers)).toEqual([
      'directory-ip: ha1',
      'directory-storage: ha1',
      'directory-slapd: ha1',
      'watcher: ha1 ha2',
    ])
    expect(only(tellers).nodes.map(({ runs }) => runs)).toEqual([4, 1])
    expect(texts(tellers)).toEqual([])
    expect(clustersOf(tellers)).toBe(clustersOf(tellers))
  })

  it('knows a machine that is moved live, and does not take it for one that runs twice', () => {
    const machines = parseMachines(pacemaker('machine.resources.xml'))
    const at = (scene: string): TellerRecord => ({
      host: 'ha2',
      manager: 'pacemaker',
      reading: { ...told('ha2', scene), machines },
    })
    const both = only([at('machine-stopping')]).resources.find(({ name }) => name === 'vm-mail1')
    expect(both?.places.map(({ node, role }) => `${node} ${role}`)).toEqual(['ha1 Stopping', 'ha2 Stopping'])
    for (const scene of ['machine', 'machine-migrating', 'machine-stopping', 'machine-disabled'])
      expect(texts([at(scene)]), scene).toEqual([])
    const { reading, ...rest } = at('machine-stopping')
    const stopped = reading && { ...reading, machines: [{ ...machines[0], isLive: false }] }
    expect(texts([{ ...rest, reading: stopped } as TellerRecord])).toEqual([
      'bad vm-mail1: runs on ha1 and ha2 at once',
    ])
  })

  it('does not believe a node that has just come back to run what it ran before', () => {
    expect(places([teller('ha2', 'machine-taken')])).toContain('vm-mail1: ha2')
    const back = [teller('ha2', 'machine-back')]
    expect(places(back)).toContain('vm-mail1: ha2')
    expect(places(back)).toContain('watcher: ha1 ha2')
    expect(texts(back)).toEqual([])
  })

  it('believes the newest answer of those who see each other', () => {
    const tellers = [teller('ha1', 'online', 10_000), teller('ha2', 'moved', 10_400)]
    expect(places(tellers)[0]).toBe('directory-ip: ha2')
    expect(places([teller('ha1', 'online', 10_800), teller('ha2', 'moved', 10_400)])[0]).toBe(
      'directory-ip: ha1',
    )
  })

  it('tells a lost node from one that nobody knows of', () => {
    expect(states([silent('ha1'), teller('ha2', 'split-2')])).toEqual(['ha1 offline', 'ha2 online'])
    const before = { ...teller('ha1', 'online'), ...silent('ha1') }
    expect(states([before, silent('ha2')])).toEqual(['ha1 not known', 'ha2 not known'])
    expect(texts([before, silent('ha2')])).toEqual([])
  })

  it('keeps what an old answer says of a node apart from what its peer sees', () => {
    // A power cut: what ha1 told last still says that all is well.
    const tellers = [teller('ha1', 'online', 10_000), teller('ha2', 'split-2', 11_000)]
    expect(states(tellers)).toEqual(['ha1 offline', 'ha2 online'])
    expect(only(tellers).partitions).toHaveLength(1)
  })

  it('says split brain where each side goes on without the other, and that both run what one may', () => {
    const tellers = [teller('ha1', 'split-1'), teller('ha2', 'split-2')]
    expect(only(tellers).nodes).toMatchObject([
      { name: 'ha1', state: 'online', isApart: true },
      { name: 'ha2', state: 'online', isApart: true },
    ])
    expect(places(tellers)).toEqual([
      'directory-ip: ha1 ha2',
      'directory-storage: ha1 ha2',
      'directory-slapd: ha1 ha2',
      'watcher: ha1 ha2',
    ])
    expect(texts(tellers)).toEqual([
      'bad ha1: split brain: ha1 | ha2 do not see each other, and each runs the cluster',
      'bad directory-ip: runs on ha1 and ha2 at once',
      'bad directory-storage: runs on ha1 and ha2 at once',
      'bad directory-slapd: runs on ha1 and ha2 at once',
    ])
  })

  it('tells two clusters apart', () => {
    const other = told('n1', 'online')
    const renamed = {
      ...other,
      cluster: {
        ...other.cluster,
        nodes: other.cluster.nodes.map((one, i) => ({ ...one, name: say`n${i + 1}` })),
      },
    }
    const clusters = clustersOf([
      teller('ha1', 'online'),
      { host: 'n1', manager: 'pacemaker', reading: renamed },
      silent('n2'),
    ])
    expect(clusters.map(({ id, tellers }) => `${id}: ${tellers.map((one) => one.host)}`)).toEqual([
      'ha1+ha2: ha1',
      'n1+n2: n1,n2',
    ])
  })
})

describe('what is wrong with a cluster', () => {
  it.each([
    ['standby', ['warning ha1: on standby: nothing runs on it']],
    [
      'maintenance',
      ['warning ha1: the whole cluster is in maintenance: nothing is started, stopped or moved'],
    ],
    ['disabled', []],
    ['peer-off', ['bad ha2: offline']],
    ['failed', ['bad directory-slapd: failed: monitor on ha2: not running (slapd process not found.)']],
  ])('is told in %s', (scene, expected) => {
    expect(texts([teller('ha1', scene)])).toEqual(expected)
  })

  it('is what a move or a ban has left behind, once', () => {
    const tellers = [teller('ha1', 'moved', 10_000, 'moved'), teller('ha2', 'moved', 10_100, 'moved')]
    expect(texts(tellers)).toEqual(['warning directory-ip: directory is held at ha2 (cli-prefer-directory)'])
    expect(texts([teller('ha1', 'banned', 10_000, 'banned')])).toEqual([
      'warning watcher: watch is kept away from ha2 (cli-ban-watch-on-ha2)',
    ])
    expect(only(tellers).resources.map(({ name, rules }) => `${name} ${rules.length}`)).toEqual([
      'directory-ip 1',
      'directory-storage 1',
      'directory-slapd 1',
      'watcher 0',
    ])
  })

  it('is a node that does not know its cluster, where its host answers', () => {
    const clusters = [silent('a'), teller('ha2', 'split-2')]
    const alerts = (hosts: Parameters<typeof snapshot>[1]) =>
      clusterAlerts({ ...snapshot([], hosts), clusters }, 10_000).map(({ name, text }) => `${name}: ${text}`)
    expect(alerts([host('a')])).toEqual(['a: Pacemaker: does not know', 'ha1: offline'])
    const down = { kind: 'unreachable', reason: say`gone`, advice: say``, since: 1 } as const
    expect(alerts([{ ...host('a'), trouble: down }])).toEqual(['ha1: offline'])
  })
})

describe('Clusters', () => {
  const lines = (events: ReturnType<Clusters['reading']>) =>
    events.map(({ name, host: on, text }) => `${name ?? on}: ${text}`)

  it('tells a power cut: what was lost, where it went, and how long it ran nowhere', () => {
    const clusters = new Clusters([
      { host: 'ha1', manager: 'pacemaker' },
      { host: 'ha2', manager: 'pacemaker' },
    ])
    expect(lines(clusters.reading(told('ha1', 'peer-off', 1_000)))).toEqual(['ha2: offline'])
    const nowhere = told('ha2', 'split-2', 3_000)
    const none = nowhere.cluster.resources.map((one) => ({ ...one, nodes: [], role: say`Stopped` }))
    const failed = new HostError('unreachable', 'ha1', say`gone`)
    expect(lines(clusters.failed('ha1', failed, 2_000))).toEqual([])
    const lost = { ...nowhere, cluster: { ...nowhere.cluster, resources: none } }
    expect(
      lines(clusters.reading(lost)).filter(
        (line) => line.startsWith('ha') || line.startsWith('directory-ip'),
      ),
    ).toEqual(['ha2: is in the cluster again, after 2 s', 'ha1: offline', 'directory-ip: runs nowhere'])
    expect(
      lines(clusters.reading(told('ha2', 'split-2', 5_300))).filter((line) => /-ip|watcher/.test(line)),
    ).toEqual([
      'directory-ip: runs again, after 2 s',
      'watcher: runs again, after 2 s',
      'directory-ip: went from ha1 to ha2; it ran nowhere for at most 4.3 s',
    ])
  })

  it('tells one loss of a node, and one return, however often it is unclean meanwhile', () => {
    const clusters = new Clusters([{ host: 'ha1', manager: 'pacemaker' }])
    const online = told('ha1', 'online')
    const look = (at: number, facts: Partial<MemberFacts>) => {
      const nodes = online.cluster.nodes.map((one) => (one.name === 'ha2' ? { ...one, ...facts } : one))
      return clusters
        .reading({ ...online, at, cluster: { ...online.cluster, nodes } })
        .filter(({ name, host: on }) => (name ?? on) === 'ha2')
        .map(({ type, text }) => `${type} ${text}`)
    }
    const unclean = 'unclean: what runs on it is not known, and is started elsewhere all the same'
    // As it was recorded of a power cut, on a node that was on standby.
    expect(look(1_000, { standby: true })).toEqual(['node.standby on standby: nothing runs on it'])
    expect(look(2_000, { standby: true, online: false, unclean: true })).toEqual([
      `node.lost ${unclean}: nodes are not fenced here`,
    ])
    expect(look(3_000, { standby: false, online: false })).toEqual([])
    expect(look(13_000, { online: false, unclean: true })).toEqual([])
    expect(look(13_200, { online: false })).toEqual([])
    expect(look(15_000, {})).toEqual([
      'node.active no longer on standby, after 14 s',
      'node.joined is in the cluster again, after 13 s',
    ])
  })

  it('tells of a node that is unclean and there that it is unclean, and clean again', () => {
    const clusters = new Clusters([{ host: 'ha1', manager: 'pacemaker' }])
    const online = told('ha1', 'online')
    const look = (at: number, unclean: boolean) => {
      const nodes = online.cluster.nodes.map((one) => (one.name === 'ha2' ? { ...one, unclean } : one))
      return clusters
        .reading({ ...online, at, cluster: { ...online.cluster, nodes } })
        .map(({ type }) => type)
    }
    expect([look(1_000, false), look(2_000, true), look(3_000, false)]).toEqual([
      [],
      ['node.unclean'],
      ['node.clean'],
    ])
  })

  it('tells no end of what something worse hides, nor of what rests', () => {
    const clusters = new Clusters([{ host: 'ha1', manager: 'pacemaker' }])
    const online = told('ha1', 'online')
    let at = 1_000
    const look = (facts: Partial<CarriedFacts>, count = 0, maintenance = false) => {
      const { cluster } = online
      const resources = cluster.resources.map((one) =>
        one.rawId === 'directory-slapd' ? { ...one, ...facts } : one,
      )
      const failCounts = count ? [{ resource: say`directory-slapd`, node: say`ha1`, count }] : []
      at += 1_000
      return clusters
        .reading({ ...online, at, cluster: { ...cluster, resources, failCounts, maintenance } })
        .filter(({ about }) => about.kind === 'resource')
        .map(({ type, text }) => `${type} ${text}`)
    }
    expect(look({})).toEqual([])
    expect(look({}, 1)).toEqual(['resource.counted failed once'])
    expect(look({ failed: true }, 1)).toEqual(['resource.failed failed'])
    expect(look({ failed: true, blocked: true }, 1)).toEqual([
      'resource.blocked blocked: the cluster can neither start nor stop it',
    ])
    const stopped = { nodes: [], role: say`Stopped` }
    expect(look(stopped, 2)).toEqual([
      'resource.mended no longer failed, after 2 s',
      'resource.unblocked no longer blocked, after 1 s',
      'resource.stopped runs nowhere',
    ])
    expect(look(stopped, 2, true)).toEqual([])
    expect(look(stopped, 2)).toEqual([])
    expect(look({}, 2)).toEqual(['resource.started runs again, after 3 s'])
    expect(look({})).toEqual(['resource.cleaned its failures were cleaned up, after 7 s'])
  })

  it('does not say of what is configured no more that it runs again', () => {
    const clusters = new Clusters([{ host: 'ha1', manager: 'pacemaker' }])
    const { cluster, ...asked } = told('ha1', 'online')
    const slapd = ({ rawId }: CarriedFacts) => rawId === 'directory-slapd'
    const look = (at: number, resources: readonly CarriedFacts[]) =>
      lines(clusters.reading({ ...asked, at, cluster: { ...cluster, resources } }))
    look(1_000, cluster.resources)
    const stopped = { nodes: [], role: say`Stopped` }
    expect(
      look(
        2_000,
        cluster.resources.map((one) => (slapd(one) ? { ...one, ...stopped } : one)),
      ),
    ).toEqual(['directory-slapd: runs nowhere'])
    expect(
      look(
        3_000,
        cluster.resources.filter((one) => !slapd(one)),
      ),
    ).toEqual(['directory-slapd: is not there any more'])
  })

  it('tells of a machine whose host lost power that it went once it runs elsewhere, and once, whatever the cluster says of the lost node', () => {
    const machines = parseMachines(pacemaker('machine.resources.xml'))
    const clusters = new Clusters([{ host: 'ha2', manager: 'pacemaker' }])
    const answer = (at: number, xml: string) => ({
      host: 'ha2',
      at,
      took: 50,
      cluster: parseCrmMon(xml),
      machines,
    })
    const scene = (name: string) => pacemaker(`${name}.crm_mon.xml`)
    // The cluster forgets for a moment that it is being started when the lost node is back.
    const backAlone = scene('machine-back').replace(
      /(<resource id="vm-mail1"[^>]*>\s*<node name="ha1"[^>]*>)\s*<node name="ha2"[^>]*>/,
      '$1',
    )
    expect(parseCrmMon(backAlone).resources.find(({ rawId }) => rawId === 'vm-mail1')?.nodes).toEqual(['ha1'])
    const tell = (at: number, xml: string) =>
      clusters
        .reading(answer(at, xml))
        .filter(({ name }) => name === 'vm-mail1')
        .map(({ text }) => text)
    expect(tell(1_000, scene('machine'))).toEqual([])
    expect(tell(3_000, scene('machine-cut'))).toEqual([])
    expect(tell(3_500, scene('machine-nowhere'))).toEqual(['runs nowhere'])
    expect(tell(5_000, scene('machine-starting'))).toEqual([])
    expect(tell(9_000, scene('machine-starting'))).toEqual([])
    expect(tell(9_500, scene('machine-nowhere'))).toEqual([])
    expect(tell(9_600, scene('machine-starting'))).toEqual([])
    expect(tell(11_000, scene('machine-taken'))).toEqual([
      'runs again, after 7 s',
      'went from ha1 to ha2; it ran nowhere for 6.1 to 10.0 s',
    ])
    expect(tell(12_000, backAlone)).toEqual([])
    expect(tell(13_000, scene('machine-back'))).toEqual([])
    expect(tell(14_000, scene('machine-taken'))).toEqual([])
  })

  it('does not miss what has begun to start before anybody saw that it ran nowhere, nor what was enabled', () => {
    const clusters = new Clusters([{ host: 'ha2', manager: 'pacemaker' }])
    const tell = (scene: string, at: number) =>
      clusters
        .reading(told('ha2', scene, at))
        .filter(({ name }) => name === 'vm-mail1')
        .map(({ text }) => text)
    expect([tell('machine', 1_000), tell('machine-starting', 2_000)]).toEqual([[], []])
    expect(tell('machine-taken', 5_000)).toEqual(['went from ha1 to ha2; it ran nowhere for at most 4.0 s'])
    expect([tell('machine-disabled', 6_000), tell('machine-starting', 7_000)]).toEqual([[], []])
  })

  it('tells nothing of what was disabled and enabled again, but where it is not started then', () => {
    const disabled = told('ha1', 'machine-disabled', 20_000)
    const enabledAt = (at: number): PacemakerReading => ({
      ...told('ha1', 'machine-disabled', at),
      cluster: parseCrmMon(
        pacemaker('machine-disabled.crm_mon.xml').replace('target_role="Stopped"', 'target_role="Started"'),
      ),
    })
    const clusters = new Clusters([{ host: 'ha1', manager: 'pacemaker' }])
    const tells = (...readings: PacemakerReading[]) =>
      readings.flatMap((one) => clusters.reading(one)).map(({ name, text }) => `${name}: ${text}`)
    const running = (at: number) => {
      const reading = told('ha1', 'machine', at)
      const elsewhere = reading.cluster.resources.map((one) =>
        one.rawId === 'vm-mail1' ? { ...one, nodes: ['ha2' as never] } : one,
      )
      return { ...reading, cluster: { ...reading.cluster, resources: elsewhere } }
    }
    expect(
      tells(told('ha1', 'machine'), disabled, enabledAt(33_000), enabledAt(34_000), running(35_000)),
    ).toEqual([])
    expect(tells({ ...disabled, at: 40_000 }, enabledAt(50_000), enabledAt(60_000))).toEqual([])
    expect(tells(enabledAt(71_000))).toEqual(['vm-mail1: runs nowhere'])
  })

  it('tells a move by hand, and nothing where it is new to this console or nobody knows', () => {
    const clusters = new Clusters([
      { host: 'ha1', manager: 'pacemaker' },
      { host: 'ha2', manager: 'pacemaker' },
    ])
    expect(lines(clusters.reading(told('ha1', 'online', 1_000)))).toEqual([])
    expect(lines(clusters.reading(told('ha2', 'moved', 2_000)))).toEqual([
      'directory-ip: went from ha1 to ha2; it ran nowhere for at most 1.0 s',
      'directory-storage: went from ha1 to ha2; it ran nowhere for at most 1.0 s',
      'directory-slapd: went from ha1 to ha2; it ran nowhere for at most 1.0 s',
    ])
    const failed = new HostError('refused', 'ha1', say`does not know`)
    expect(clusters.failed('ha1', failed, 3_000)).toEqual([])
    expect(clusters.failed('ha2', failed, 3_000)).toEqual([])
    expect(clusters.records).toMatchObject([{ trouble: { since: 3_000 } }, { trouble: { since: 3_000 } }])
    expect(lines(clusters.reading(told('ha1', 'moved', 4_000)))).toEqual([])
  })
})

describe('a node that tells too much', () => {
  const telling = (nodes: readonly string[], resources: readonly string[], at = 1): PacemakerReading => {
    const node = (name: string) => `<node name="${name}" online="true"/>`
    const resource = (id: string) =>
      `<resource id="${id}" managed="true"><node name="${nodes[0]}"/></resource>`
    const xml = `<pacemaker-result><nodes>${nodes.map(node).join('')}</nodes><resources>${resources.map(resource).join('')}</resources></pacemaker-result>`
    return { host: 'ha1', at, took: 1, cluster: parseCrmMon(xml) }
  }

  it('makes no long names of many nodes: each of thousands of resources has that of its cluster', () => {
    const names = Array.from({ length: 500 }, (_, i) => `node${i}.${'example.'.repeat(20)}`)
    const { id, nodes } = only([{ host: 'ha1', manager: 'pacemaker', reading: telling(names, ['a']) }])
    expect(id.length).toBeLessThan(400)
    expect(id).toMatch(/^node0\..*\+499 more$/)
    expect(new Set(nodes.map((one) => one.id)).size).toBe(500)
  })

  it('is remembered for what there is now, whatever it called things before', () => {
    const told = new ToldConditions()
    const fault = {
      concern: { about: { kind: 'node', id: 'a' }, host: 'ha1', name: say`a` },
      condition: { severity: 'bad', what: 'x', text: say`x`, over: say`y` },
    } as const
    const look = (of: string) => told.events(of, [fault], 1, () => false).length
    expect([look('a'), look('a')]).toEqual([1, 0])
    told.keep(new Set(['b']))
    expect(look('a')).toBe(1)
    const clusters = new Clusters([{ host: 'ha1', manager: 'pacemaker' }])
    const at = (node: string, names: readonly string[]) =>
      clusters.reading(telling([node, 'ha1', 'ha2'], names)).filter(({ text }) => text.startsWith('went'))
    at('ha1', ['old'])
    at('ha1', ['new'])
    expect(at('ha2', ['old'])).toEqual([])
  })
})

it('what a resource failed of before is told while it runs, and otherwise that it runs nowhere', () => {
  const [one] = only([teller('ha1', 'online')]).resources
  if (!one) throw new Error('no resource')
  const failCounts = [{ resource: one.name, node: label('ha1'), count: 2 }]
  const texts = (given: Partial<typeof one>) =>
    resourceConditions({ ...one, failCounts, ...given }).map(({ text }) => text)
  expect(texts({})).toEqual(['failed 2 times'])
  expect(texts({ places: [] })).toEqual(['runs nowhere'])
})
