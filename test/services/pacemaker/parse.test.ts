import { describe, expect, it } from 'vitest'
import { NotKnown, parseCrmMon, parseLeftRules } from '../../../src/services/pacemaker/parse.ts'
import { pacemaker } from '../../support/fixture.ts'

const told = (scene: string) => parseCrmMon(pacemaker(`${scene}.crm_mon.xml`))
const node = (scene: string, name: string) => told(scene).nodes.find((one) => one.name === name)
const parts = (scene: string, id: string) => told(scene).resources.filter((one) => one.id === id)

/** An answer with these elements in it. */
const answer = (inside: string, nodes = '<node name="n1" online="true" is_dc="true"/>') =>
  `<pacemaker-result api-version="2.25"><summary><current_dc present="true" name="n1" with_quorum="true" version="2.1.5-a"/></summary><nodes>${nodes}</nodes>${inside}<status code="0"/></pacemaker-result>`
const resource = (attributes: string) =>
  parseCrmMon(answer(`<resources><resource id="r" ${attributes}/></resources>`)).resources[0]

describe('parseCrmMon', () => {
  it('reads a cluster in which all is well', () => {
    expect(told('online')).toMatchObject({
      dc: 'ha1',
      quorum: true,
      version: '2.1.5',
      mixed: false,
      maintenance: false,
      stopsAll: false,
      fencingEnabled: false,
      failures: [],
      failCounts: [],
      bans: [],
      fencing: [],
    })
    expect(told('online').nodes).toEqual([
      expect.objectContaining({
        name: 'ha1',
        type: 'member',
        online: true,
        isDc: true,
        featureSet: '3.16.1',
      }),
      expect.objectContaining({ name: 'ha2', type: 'member', online: true, isDc: false }),
    ])
  })

  it('takes what stands in <resources> and <nodes> alone, and knows what each is in', () => {
    const { resources } = told('online')
    expect(resources.map(({ id, nodes }) => `${id} ${nodes}`)).toEqual([
      'directory-ip ha1',
      'directory-storage ha1',
      'directory-slapd ha1',
      'watcher ha2',
      'watcher ha1',
    ])
    expect(resources.map(({ within }) => within)).toEqual([
      ...Array(3).fill([{ kind: 'group', id: 'directory' }]),
      ...Array(2).fill([{ kind: 'clone', id: 'watch' }]),
    ])
    expect(resources[0]).toMatchObject({ agent: 'ocf:heartbeat:IPaddr2', role: 'Started', managed: true })
  })

  it.each([
    ['standby', 'ha1', { standby: true, online: true }],
    ['peer-off', 'ha2', { online: false }],
    ['split-1', 'ha2', { online: false }],
    ['split-2', 'ha1', { online: false }],
  ])('tells in %s how %s stands', (scene, name, facts) => {
    expect(node(scene, name)).toMatchObject(facts)
  })

  it('tells what failed, how often, and what the agent said', () => {
    expect(told('failed').failures).toEqual([
      {
        resource: 'directory-slapd',
        node: 'ha2',
        task: 'monitor',
        exit: 'not running',
        reason: 'slapd process not found.',
        at: '2026-11-30 10:41:52Z',
      },
    ])
    expect(told('failed').failCounts).toEqual([
      { resource: 'directory-slapd', node: 'ha2', count: 1, last: 'Mon Nov 30 10:41:52 2026' },
    ])
    expect(parts('failed', 'directory-slapd')).toMatchObject([{ failed: true, role: 'Starting' }])
  })

  it('tells what is disabled from what stopped', () => {
    expect(parts('disabled', 'watcher')).toMatchObject([
      { role: 'Stopped', targetRole: 'Stopped', nodes: [] },
      { role: 'Stopped', targetRole: 'Stopped', nodes: [] },
    ])
    expect(parts('standby', 'watcher')).toMatchObject([{ nodes: ['ha2'] }, { role: 'Stopped', nodes: [] }])
    expect(parts('standby', 'watcher')[1]).not.toHaveProperty('targetRole')
  })

  it('tells a cluster in maintenance, whose resources are not managed', () => {
    expect(told('maintenance').maintenance).toBe(true)
    expect(told('maintenance').resources.every(({ managed }) => !managed)).toBe(true)
    expect(resource('managed="true" maintenance="true"')?.managed).toBe(false)
    expect(resource('managed="true" maintenance="false"')?.managed).toBe(true)
  })

  it('tells of bans', () => {
    expect(told('banned').bans).toEqual([
      { id: 'cli-ban-watch-on-ha2', resource: 'watch', node: 'ha2', score: '-1000000' },
    ])
  })

  it('takes an answer without nodes, or with an error, for none, whatever its status is', () => {
    expect(() => told('corosync-dead')).toThrow(NotKnown)
    expect(() => told('corosync-dead')).toThrow(
      'Could not connect to the CIB: Transport endpoint is not connected',
    )
    expect(() => told('nobody')).toThrow(/Permission denied/)
    expect(() => parseCrmMon('<pacemaker-result><status code="0"/></pacemaker-result>')).toThrow(NotKnown)
    const both = answer('').replace(
      '<status code="0"/>',
      '<status><errors><error>old</error></errors></status>',
    )
    expect(() => parseCrmMon(both)).toThrow('old')
  })

  it.each([
    '',
    'Connection to cluster failed',
    '<html></html>',
    pacemaker('online.crm_mon.xml').slice(0, 4000),
  ])('takes what is no such answer for none: %.20s', (text) => {
    expect(() => parseCrmMon(text)).toThrow(Error)
  })

  it('reads --as-xml of 1.1, and passes over what it does not know', () => {
    const old =
      '<crm_mon version="1.1.24"><summary><current_dc present="false"/></summary><nodes><node name="n1" online="true" news="1"/></nodes><resources><bundle id="b"><replica id="0"><resource id="r" role="Master" active="true"><node name="n1"/></resource></replica></bundle></resources><tickets/><oracle/></crm_mon>'
    const read = parseCrmMon(old)
    expect(read).toMatchObject({ quorum: false, nodes: [{ name: 'n1', online: true }] })
    expect(read).not.toHaveProperty('dc')
    expect(read.resources).toMatchObject([
      { role: 'Master', nodes: ['n1'], within: [{ kind: 'bundle', id: 'b' }] },
    ])
  })

  it('knows the resource of a failure whose name has underscores, and a count that is infinite', () => {
    const read = parseCrmMon(
      answer(
        '<failures><failure op_key="my_web_server_monitor_10000" node="n1" exitstatus="Timed Out"/></failures><node_history><node name="n1"><resource_history id="a" fail-count="INFINITY"/><resource_history id="b" fail-count="0"/><resource_history id="c" fail-count="1000000"/></node></node_history>',
      ),
    )
    expect(read.failures).toMatchObject([{ resource: 'my_web_server', task: 'monitor', exit: 'Timed Out' }])
    expect(read.failCounts).toEqual([
      { resource: 'a', node: 'n1' },
      { resource: 'c', node: 'n1' },
    ])
  })

  it('makes labels of all that is shown, and keeps the name by which a resource is asked', () => {
    const [read] = parseCrmMon(
      answer('<resources><resource id="a&#27;[2J" resource_agent="o&#10;cf" role="Started"/></resources>'),
    ).resources
    expect(read?.rawId).toBe('a\u001b[2J')
    expect(`${read?.id}${read?.agent}`).not.toMatch(/[\u0000-\u001f]/)
  })

  it('reads no more nodes and resources than a cluster has', () => {
    const many = (count: number) => answer('', '<node name="n" online="true"/>'.repeat(count))
    expect(parseCrmMon(many(500)).nodes).toHaveLength(500)
    expect(() => parseCrmMon(many(501))).toThrow('more than is read')
  })
})

describe('what no cluster says', () => {
  const groups = (depth: number, kind = 'group') =>
    `<resources>${`<${kind} id="g">`.repeat(depth)}<resource id="r"/>${`</${kind}>`.repeat(depth)}</resources>`
  it.each([
    [
      'a name longer than that of a host',
      answer('', `<node name="${'n'.repeat(256)}" online="true"/>`),
      /name is longer/,
    ],
    ['groups in one another', answer(groups(9)), /deeper/],
    ['replicas in one another', answer(groups(3000, 'replica')), /deeper/],
    ['more failures', answer(`<failures>${'<failure/>'.repeat(5001)}</failures>`), /5001 failures/],
    ['more bans', answer(`<bans>${'<ban/>'.repeat(5001)}</bans>`), /5001 bans/],
  ])('is not read: %s', (_what, text, why) => expect(() => parseCrmMon(text)).toThrow(why))

  it('is not read: more rules', () => {
    const rule = '<rsc_location id="cli-ban-a"/>'
    expect(() => parseLeftRules(`<constraints>${rule.repeat(5001)}</constraints>`)).toThrow(/5001 rules/)
  })
})

describe('parseLeftRules', () => {
  const rules = (scene: string) => parseLeftRules(pacemaker(`${scene}.constraints.xml`))

  it('reads what a move, a ban, and a move with an end have left', () => {
    expect(rules('moved')).toEqual([
      { id: 'cli-prefer-directory', resource: 'directory', node: 'ha2', score: 'INFINITY' },
    ])
    expect(rules('banned')).toEqual([
      { id: 'cli-ban-watch-on-ha2', resource: 'watch', node: 'ha2', score: '-INFINITY' },
    ])
    expect(rules('lifetime')).toEqual([
      {
        id: 'cli-prefer-directory',
        resource: 'directory',
        node: 'ha1',
        score: 'INFINITY',
        until: '2026-11-30 10:51:31Z',
      },
    ])
    expect(rules('cleared')).toEqual([])
  })

  it('leaves the rules of the site alone', () => {
    const own = '<constraints><rsc_location id="web-on-n1" rsc="web" node="n1" score="100"/></constraints>'
    expect(parseLeftRules(own)).toEqual([])
  })
})
