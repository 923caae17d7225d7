import { describe, expect, it } from 'vitest'
import { inWords } from '../../../src/actions/cluster/foresight.ts'
import { parseSimulation, simulate } from '../../../src/services/pacemaker/simulate.ts'
import {
  clearResource,
  moveResource,
  simulating,
  standbyNode,
  untilIdle,
} from '../../../src/services/pacemaker/verbs.ts'
import { pacemaker } from '../../support/fixture.ts'
import { RecordingHost } from '../../support/still-fleet.ts'

const recorded = (name: string) => parseSimulation(pacemaker(`${name}.simulate.xml`))
const ofDirectory = 'directory-ip, directory-storage and directory-slapd'

describe('what a cluster would do', () => {
  it.each([
    ['move', { texts: [`${ofDirectory} move from ha1 to ha2`] }],
    ['standby', { texts: [`${ofDirectory} move from ha1 to ha2`, 'watcher stops on ha1'] }],
    ['unmanage', { texts: ['nothing is stopped, moved or started'] }],
    [
      'standby-both',
      {
        texts: [`${ofDirectory.replace(' and', ',')} and watcher stop on ha1`, 'watcher stops on ha2'],
        grave: `${ofDirectory.replace(' and', ',')} and watcher run nowhere then`,
      },
    ],
    ['fail', { texts: [`${ofDirectory} start on ha2`] }],
  ])('is said in a sentence each: %s', (name, told) => {
    const { texts, grave } = inWords(recorded(name))
    expect({ texts: texts.toSorted(), ...(grave ? { grave } : {}) }).toEqual({
      ...told,
      texts: told.texts.toSorted(),
    })
  })

  it('has a stage for what comes after a wait', () => {
    const { stages } = recorded('move-clear')
    expect(stages.map((all) => all.length)).toEqual([3, 0])
    const back = { how: 'move', resource: 'a' as never, from: 'ha2' as never, on: 'ha1' as never }
    expect(inWords({ stages: [[], [back]], fenced: [], nowhere: [] }).texts).toEqual([
      'nothing is stopped, moved or started',
      'and when the rule is cleared again: a moves from ha2 to ha1',
    ])
  })

  it('tells who is fenced, and leaves out what stays', () => {
    const status = '<resources><resource id="a" role="Started"><node name="n1"/></resource></resources>'
    const told = parseSimulation(
      `<pacemaker-result><cluster_status>${status}</cluster_status><actions><node_action task="reboot" node="n2" reason="peer is lost"/><rsc_action action="leave" resource="a"/><rsc_action action="recover" resource="b:1" node="n1"/></actions><revised_cluster_status>${status}</revised_cluster_status></pacemaker-result>`,
    )
    expect(inWords(told)).toEqual({ texts: ['b is recovered on n1', 'n2 (peer is lost) is fenced'] })
  })

  it('is no answer without what becomes of it', () => {
    expect(() => parseSimulation('<pacemaker-result><actions/></pacemaker-result>')).toThrow(
      'no <cluster_status>',
    )
  })
})

describe('asking for it', () => {
  const steps = [
    moveResource('ha1', 'directory', 'ha2', undefined),
    untilIdle('ha1'),
    clearResource('ha1', 'directory'),
  ]
  const { signal } = new AbortController()

  it('gives the commands of the plan to a copy, word by word, and lets the cluster act where they wait', async () => {
    expect(simulating(steps).slice(3)).toEqual([
      'sh',
      '/usr/sbin/crm_resource\n--resource\ndirectory\n--move\n--node\nha2',
      '',
      '/usr/sbin/crm_resource\n--resource\ndirectory\n--clear',
    ])
    const host = new RecordingHost('ha1', () => ({ stdout: pacemaker('move-clear.simulate.xml') }))
    expect((await simulate(host, steps, signal)).stages).toHaveLength(2)
  })

  it('says why it cannot be known', async () => {
    const host = new RecordingHost('ha1', () => ({
      code: 105,
      stderr:
        'WARNING: a rule\n\tgoes on\ncrm_standby: Could not map name=ha9 to a UUID\nError performing operation: No such device\n',
    }))
    await expect(simulate(host, [standbyNode('ha1', 'ha9')], signal)).rejects.toThrow(
      'crm_standby: Could not map name=ha9 to a UUID',
    )
    host.answer = () => ({ stdout: '<x' })
    await expect(simulate(host, steps, signal)).rejects.toThrow('crm_simulate: ')
  })
})
