import { type Command, InvalidArgumentError } from 'commander'
import type { Change } from '../actions/action.ts'
import { inWords } from '../actions/cluster/foresight.ts'
import { tellerOf } from '../actions/cluster/teller.ts'
import { verbsOf } from '../actions/table.ts'
import { clustersOf } from '../fleet/cluster/cluster.ts'
import {
  type ClusterRecord,
  managerName,
  type NodeRecord,
  type ResourceRecord,
} from '../fleet/cluster/record.ts'
import { groupOf } from '../fleet/cluster/together.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { kinds } from '../fleet/kinds.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { type Simulation, simulateNodes } from '../services/pacemaker/simulate.ts'
import { isPlain, named } from '../services/pacemaker/verbs.ts'
import { tableViewOf } from '../views/kinds.ts'
import { addActionVerb } from './action-verb.ts'
import { type ChangeOptions, change } from './change.ts'
import { addChangeOptions } from './change-options.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { findOne, tableOf, worldOf } from './noun.ts'
import { json, print } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

const asks = { about: ['clusters'], awaited: 'clusters' } as const

/** `vdd cluster …`: what Pacemaker runs where, and a verb for each action on its nodes and resources. */
export function addClusterVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program
    .command('cluster')
    .description('Clusters of Pacemaker: what runs where, and changing that.')
  addStatusVerb(noun, globals, finish)
  for (const action of verbsOf('resource'))
    addActionVerb(noun, action, '<RESOURCE...>', findResource, globals, finish)
  for (const action of verbsOf('node'))
    if (action.verb === 'maintenance') addMaintenanceVerb(noun, action, globals, finish)
    else addActionVerb(noun, action, '<NODE...>', findNode, globals, finish)
  addSimulateVerb(noun, globals, finish)
}

/** By its name, or as a group by the first of what is in it. */
function findResource(snapshot: Snapshot, word: string): ResourceRecord {
  const all = kinds.resource.all(snapshot)
  const isNamed = all.some((one) => kinds.resource.typed(one) === word)
  const inGroup = isNamed ? undefined : all.find((one) => groupOf(one) === word)
  return inGroup ?? findOne('resource', word, snapshot)
}

const findNode = (snapshot: Snapshot, word: string): NodeRecord => findOne('node', word, snapshot)

/** @throws {Failure} there is none, or several and none is named */
function theCluster(snapshot: Snapshot, word: string | undefined): ClusterRecord {
  const all = clustersOf(snapshot.clusters).filter(({ manager }) => manager === 'pacemaker')
  const [only, ...more] = all
  if (word !== undefined) {
    const { cluster } = findNode(snapshot, word)
    const named = all.find(({ id }) => id === cluster)
    if (named) return named
    throw new Failure(exit.refused, say`${label(word)} is no node of Pacemaker`)
  }
  if (!only) throw new Failure(exit.notFound, say`no host of the configuration has the role pacemaker`)
  if (more.length)
    throw new Failure(
      exit.usage,
      say`several clusters: ${label(all.map(({ id }) => id).join(', '))}; name one of their nodes`,
    )
  return only
}

function addStatusVerb(noun: Command, globals: () => GlobalOptions, finish: (code: number) => void): void {
  noun
    .command('status')
    .description('Shows the nodes and the resources of all clusters, and what moves have left behind.')
    .option('--json', 'as JSON')
    .action(async (options: { readonly json?: boolean }) =>
      finish(
        await withFleet(
          globals(),
          false,
          async (fleet, snapshot) => {
            if (options.json)
              print(json(clustersOf(snapshot.clusters).map((one) => clusterJson(one, fleet, snapshot))))
            else print(statusText(fleet, snapshot))
            return complain(snapshot, asks)
          },
          asks,
        ),
      ),
    )
}

function statusText(fleet: Fleet, snapshot: Snapshot): string {
  const world = worldOf(snapshot, fleet)
  return clustersOf(snapshot.clusters)
    .map((cluster) =>
      [
        say`cluster ${label(cluster.id)}: ${clusterWords(cluster)}`,
        tableOf(tableViewOf('node'), cluster.nodes, world, 'node,state,runs,dc,note').trimEnd(),
        tableOf(
          tableViewOf('resource'),
          cluster.resources,
          world,
          'resource,state,node,failed,note',
        ).trimEnd(),
      ].join('\n\n'),
    )
    .join('\n\n')
}

function clusterWords({ partitions, manager, isKnown }: ClusterRecord): Label {
  const told = partitions.map((one) => one.told.reading.cluster)
  if (!isKnown) return say`no node that is asked knows it`
  const name = managerName(manager)
  if (manager !== 'pacemaker') return told.length > 1 ? say`split brain, ${name}` : name
  const quorum = told.some((one) => one.quorum)
  return joined(
    [
      ...(told.length > 1 ? [say`split brain`] : []),
      quorum ? say`with quorum` : say`without quorum`,
      ...(told.some((one) => one.maintenance) ? [say`in maintenance`] : []),
      ...told.flatMap(({ version }) => (version ? [say`Pacemaker ${version}`] : [])).slice(0, 1),
    ],
    ', ',
  )
}

function clusterJson(cluster: ClusterRecord, fleet: Fleet, snapshot: Snapshot): object {
  const world = worldOf(snapshot, fleet)
  const told = cluster.partitions.map((one) => one.told.reading.cluster)
  return {
    cluster: cluster.id,
    manager: cluster.manager,
    known: cluster.isKnown,
    splitBrain: told.length > 1,
    quorum: told.some(({ quorum }) => quorum),
    maintenance: told.some(({ maintenance }) => maintenance),
    version: told[0]?.version ?? null,
    nodes: cluster.nodes.map((one) => tableViewOf('node').json(one, world)),
    resources: cluster.resources.map((one) => tableViewOf('resource').json(one, world)),
  }
}

function onOrOff(text: string): string {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('on or off')
  return text
}

/** Of the whole cluster, so a node is named only where there are several clusters. */
function addMaintenanceVerb(
  noun: Command,
  action: Change<NodeRecord>,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
): void {
  const verb = noun
    .command('maintenance')
    .argument('<on|off>', '', onOrOff)
    .argument('[NODE]')
    .description(action.help)
  addChangeOptions(verb, { ...action, asks: [] } as Change<unknown>)
  verb.action(async (mode: string, word: string | undefined, options: ChangeOptions) =>
    finish(
      await withFleet(globals(), false, (fleet, snapshot) => {
        const { nodes } = theCluster(snapshot, word)
        return change(fleet, action, nodes.slice(0, 1), options, { mode })
      }),
    ),
  )
}

interface SimulateOptions {
  readonly fail?: readonly string[]
  readonly up?: readonly string[]
  readonly json?: boolean
}

const collect = (value: string, before: readonly string[] = []) => [...before, value]

function addSimulateVerb(noun: Command, globals: () => GlobalOptions, finish: (code: number) => void): void {
  noun
    .command('simulate')
    .description(
      'Asks a cluster what it would do if nodes failed or came back. What a change would do, its --dry-run tells.',
    )
    .option('--fail <NODE>', 'a node that fails; may be given several times', collect)
    .option('--up <NODE>', 'a node that comes back; may be given several times', collect)
    .option('--json', 'as JSON')
    .action(async ({ fail = [], up = [], json: asJson }: SimulateOptions) => {
      if (!fail.length && !up.length)
        throw new Failure(exit.usage, say`--fail <NODE> or --up <NODE> is needed`)
      finish(
        await withFleet(
          globals(),
          false,
          async (fleet, snapshot) => {
            const simulation = await whatIf(fleet, snapshot, fail, up)
            const { texts, grave } = inWords(simulation)
            if (asJson) print(json(simulationJson(simulation)))
            else print([...texts, ...(grave ? [grave] : [])].join('\n'))
            return exit.ok
          },
          asks,
        ),
      )
    })
}

/** @throws {Failure} they are of no cluster, or of several */
async function whatIf(
  fleet: Fleet,
  snapshot: Snapshot,
  fail: readonly string[],
  up: readonly string[],
): Promise<Simulation> {
  const nodes = [...fail, ...up].map((word) => findNode(snapshot, word))
  const [first] = nodes
  if (nodes.some(({ cluster }) => cluster !== first?.cluster))
    throw new Failure(exit.usage, say`these nodes are of several clusters`)
  if (!nodes.every(({ name }) => isPlain(named(name))))
    throw new Failure(exit.usage, say`a name that no node of Pacemaker has`)
  const teller = tellerOf(theCluster(snapshot, first?.name))
  if ('why' in teller) throw new Failure(exit.refused, teller.why)
  const host = fleet.member(teller.host)?.host
  if (!host) throw new Failure(exit.refused, say`${label(teller.host)} is not in the configuration`)
  return await simulateNodes(host, { fail, up }, fleet.ending)
}

function simulationJson({ stages, fenced, nowhere }: Simulation): object {
  const actions = stages.flat().map(({ how, resource, from, on }) => ({
    action: how,
    resource,
    from: from ?? null,
    node: on ?? null,
  }))
  return { actions, fenced, nowhere }
}
