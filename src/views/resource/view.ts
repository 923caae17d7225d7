import { resourceConditions, ruleText } from '../../fleet/cluster/conditions.ts'
import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import { joined, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { dateTime } from '../../text/format.ts'
import { timeJson } from '../../text/json.ts'
import { type Field, fieldLines, tableLines } from '../../text/page.ts'
import { dash, some } from '../../text/part.ts'
import type { Cell, Column } from '../column.ts'
import { clusterNodes } from '../node/view.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import type { TableView } from '../view.ts'
import { agentName, isAmiss, isOld, resourceNote, resourceState, whereText, withinText } from './facts.ts'

const failures = ({ failCounts }: ResourceRecord) =>
  failCounts.reduce((sum, { count }) => sum + (count ?? 1), 0)

function stateCell(resource: ResourceRecord): Cell {
  const [text, tone] = resourceState(resource)
  return tone ? [text, tone] : text
}

const columns: readonly Column<ResourceRecord>[] = [
  { id: 'name', title: say`RESOURCE`, width: 18, grows: 24, givesWay: 0, cell: ({ name }) => name },
  { id: 'state', title: say`STATE`, width: 11, givesWay: 0, cell: stateCell },
  { id: 'node', title: say`NODE`, width: 12, grows: 20, givesWay: 0, cell: (one) => whereText(one) || dash },
  { id: 'agent', title: say`AGENT`, width: 12, grows: 20, givesWay: 1, cell: agentName },
  {
    id: 'failed',
    title: say`FAILED`,
    width: 6,
    givesWay: 2,
    align: 'right',
    cell: (one) => (failures(one) ? say`${failures(one)}` : dash),
  },
  { id: 'within', title: say`IN`, width: 15, grows: 24, givesWay: 3, cell: (one) => withinText(one) || dash },
  { id: 'note', title: say`NOTE`, width: 10, grows: 100, givesWay: 4, cell: resourceNote },
]

const sorts: Sorts<ResourceRecord> = {
  name: { by: ({ name }) => name },
  // What is wrong first.
  state: { by: (one) => `${isAmiss(one) ? ' ' : ''}${resourceState(one)[0]}` },
  node: { by: whereText },
  agent: { by: agentName },
  failed: highest(failures),
  within: { by: withinText },
}

const traits = {
  text: (one: ResourceRecord) =>
    `${one.name} ${whereText(one)} ${one.agent} ${withinText(one)} ${resourceState(one)[0]}`,
  isFault: isAmiss,
  hostsOf: ({ places }: ResourceRecord) => places.map(({ node }) => node),
  sorts,
  name: ({ name, cluster }: ResourceRecord) => `${name} ${cluster}`,
}

const hits = (resource: ResourceRecord) => ({ resource })

/** The resources of clusters. */
export const resourceView: TableView<ResourceRecord> = {
  name: say`cluster resource`,
  title: say`Resources`,
  group: 'frontends',
  words: ['cluster'],
  help: 'Shows the resources of clusters (Pacemaker, heartbeat, keepalived): what runs where, what failed, and what a move has left behind.',
  ...recordRows('resource', traits, hits),
  sorted: { by: 'configured' },
  source: clusterNodes,
  none: say`no cluster resources`,
  noFaults: say`all run where they should`,
  keysFor: { list: ['resource'], page: ['resource'] },
  marks: ['resource'],
  columns: () => columns,
  tone: (one, world) => (isOld(one, world) ? 'stale' : undefined),
  note: (one) => {
    const note = resourceNote(one)
    return note && say`${one.name}: ${note}`
  },

  json: (one) => ({
    name: one.name,
    cluster: one.cluster,
    manager: one.manager,
    agent: one.agent,
    state: resourceState(one)[0],
    nodes: one.places.map(({ node, role, failed }) => ({ node, role, failed })),
    unsure: one.unsure,
    prefers: one.prefers ?? null,
    priorities: one.priorities.map(({ node, priority }) => ({ node, priority })),
    since: one.since === undefined ? null : timeJson(one.since),
    stopped: one.stopped,
    targetRole: one.targetRole ?? null,
    within: one.within.map(({ kind, id }) => ({ kind, id })),
    managed: one.managed,
    machine: one.machine ? { name: one.machine.name, live: one.machine.isLive } : null,
    blocked: one.blocked,
    failed: one.failed,
    orphaned: one.orphaned,
    failCounts: one.failCounts.map(({ node, count }) => ({ node, count: count ?? null })),
    rules: one.rules.map(({ id, resource, node, score, until }) => ({
      id,
      resource,
      node,
      score,
      until: until ?? null,
    })),
    note: resourceNote(one) || null,
    seenAt: timeJson(one.at),
  }),
  page: (one, world, width) => [
    ...fieldLines(
      [
        ['Resource', one.name],
        ['Agent', one.agent],
        ['In', withinText(one)],
        ['Cluster', label(one.cluster)],
        ['State', resourceState(one)[0]],
        ['Node', whereText(one) || say`none`],
        [
          'Machine',
          one.machine &&
            say`${label(one.machine.name)}, ${one.machine.isLive ? say`moved live` : say`moved by a stop and a start`}`,
        ],
        ['Belongs to', one.prefers],
        [
          'Priority',
          joined(
            one.priorities.map(({ node, priority }) => say`${node} ${priority}`),
            ', ',
          ),
        ],
        ['Since', one.since === undefined ? undefined : dateTime(one.since)],
        ['Under way', one.pending],
        ...resourceConditions(one).flatMap(({ text, advice }): Field[] => [
          ['', text],
          ['What to do', advice],
        ]),
        ...one.rules.flatMap((rule): Field[] => [
          ['Left behind', ruleText(rule)],
          ['What to do', say`c clears it, or: vdd cluster clear ${one.name}`],
        ]),
        ['Told by', say`${label(one.host)}, ${duration(world.now - one.at)} ago`],
      ],
      width,
    ),
    ...tableLines(
      [{ title: say`FAILED` }, { title: say`NODE` }, { title: say`WITH` }, { title: say`WHEN` }],
      one.failures.map(({ task, node, exit, reason, at }) => [
        task,
        node,
        reason ? say`${exit}: ${reason}` : exit,
        at ?? dash,
      ]),
      width,
    ),
  ],
  // `directory-ip, started on ha1, in group directory`
  sentence: (one) => {
    const where = whereText(one)
    const within = withinText(one)
    return some([
      one.name,
      where ? say`${resourceState(one)[0]} on ${where}` : resourceState(one)[0],
      within && say`in ${within}`,
      resourceNote(one),
    ])
  },
}
