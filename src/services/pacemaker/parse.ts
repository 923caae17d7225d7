import { defined } from '../../hosts/defined.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { atOnce, type Steps } from '../../hosts/slices.ts'
import { type Element, elementSteps } from '../elements.ts'
import type {
  ClusterFacts,
  Container,
  FailCount,
  FailedAction,
  Fencing,
  LocationRule,
  NodeFacts,
  ResourceFacts,
} from './facts.ts'

/** The node that answers does not know how its cluster is: it is no part of it, or may not say. */
export class NotKnown extends Error {
  readonly why: Label
  constructor(why: Label) {
    super(why)
    this.why = why
  }
}

/** Characters of an answer that is read; 32 nodes with 300 resources and all their history are a tenth. */
export const longest = 16 * 2 ** 20
/** Characters of a node's name, which is that of a host: Linux has 64 (gethostname(2)). */
const longestName = 255
/** A resource in a group in a clone is two deep. */
const deepest = 8

/**
 * Reads `crm_mon --output-as=xml`, of Pacemaker 2.0 to 3.0, and `--as-xml` of 1.1, whose root is `<crm_mon>`. Elements and attributes that are
 * not known are passed over.
 *
 * @throws {NotKnown} where the node says that it does not know: without `<nodes>`, or with `<errors>`, whatever its exit status says
 * @throws {Error} with a sentence, when it is no XML of this kind
 */
export function parseCrmMon(xml: string): ClusterFacts {
  return atOnce(crmMonSteps(xml))
}

/** The same, a few elements at a time. */
export function* crmMonSteps(xml: string): Steps<ClusterFacts> {
  if (xml.length > longest) throw new Error(`longer than ${longest / 2 ** 20} MiB`)
  const document = yield* elementSteps(xml)
  const root = first(document, 'pacemaker-result') ?? first(document, 'crm_mon')
  if (!root) throw new Error('no <pacemaker-result>')
  const said = errorsOf(root)
  const nodes = first(root, 'nodes')
  if (said || !nodes) throw new NotKnown(said ?? say`it tells of no nodes`)
  const summary = first(root, 'summary')
  const dc = first(summary, 'current_dc')
  const options = first(summary, 'cluster_options')
  if (within(nodes, 'node').some((node) => (node.attributes.get('name') ?? '').length > longestName))
    throw new Error(`a node whose name is longer than ${longestName} characters`)
  const all = {
    nodes: within(nodes, 'node').map(nodeOf),
    resources: [...resourcesIn(first(root, 'resources'), [])],
  }
  if (all.nodes.length > limits.clusterNodes || all.resources.length > limits.resources)
    throw new Error(
      `${all.nodes.length} nodes and ${all.resources.length} resources, which is more than is read`,
    )
  return {
    ...defined({
      dc: dc && isTrue(dc, 'present') ? labelled(dc, 'name') : undefined,
      version: versionOf(dc),
      fencingEnabled: options?.attributes.has('stonith-enabled')
        ? isTrue(options, 'stonith-enabled')
        : undefined,
    }),
    quorum: dc !== undefined && isTrue(dc, 'with_quorum'),
    mixed: isTrue(dc, 'mixed_version'),
    maintenance: isTrue(options, 'maintenance-mode'),
    stopsAll: isTrue(options, 'stop-all-resources'),
    ...all,
    failCounts: bounded(within(first(root, 'node_history'), 'node').flatMap(failCountsOf), 'fail counts'),
    failures: bounded(within(first(root, 'failures'), 'failure'), 'failures').map(failureOf),
    bans: bounded(within(first(root, 'bans'), 'ban'), 'bans').map(banOf),
    fencing: bounded(within(first(root, 'fence_history'), 'fence_event'), 'fencings').map(fencingOf),
  }
}

/**
 * Reads `cibadmin -Q --scope constraints`: the rules by which crm_resource moved, banned or held something. crm_mon tells of bans alone.
 *
 * @throws {Error} with a sentence, when it is no XML of this kind
 */
export function parseLeftRules(xml: string): LocationRule[] {
  return atOnce(leftRulesSteps(xml))
}

/** The same, a few elements at a time. */
export function* leftRulesSteps(xml: string): Steps<LocationRule[]> {
  if (xml.length > longest) throw new Error(`longer than ${longest / 2 ** 20} MiB`)
  const rules = within(first(yield* elementSteps(xml), 'constraints'), 'rsc_location')
  const left = rules.filter(({ attributes }) =>
    /^cli-(?:prefer|ban|standby)-/.test(attributes.get('id') ?? ''),
  )
  return bounded(left, 'rules').map((rule) => ({
    id: labelled(rule, 'id') ?? say`?`,
    resource: labelled(rule, 'rsc') ?? say`?`,
    node: labelled(rule, 'node') ?? nodeOfRule(rule) ?? say`?`,
    score: labelled(rule, 'score') ?? scoreOfRule(rule) ?? say`?`,
    ...defined({ until: endOfRule(rule) }),
  }))
}

/** @throws {Error} there are more than anything that is told of a cluster */
export function bounded<T>(all: readonly T[], what: string): readonly T[] {
  if (all.length > limits.clusterNotes) throw new Error(`${all.length} ${what}, which is more than is read`)
  return all
}

/** A move with an end has its node in a rule: `<rule><expression attribute="#uname" value="ha2"/>`. */
function nodeOfRule(rule: Element): Label | undefined {
  const found = within(first(rule, 'rule'), 'expression').find(
    ({ attributes }) => attributes.get('attribute') === '#uname',
  )
  return found && labelled(found, 'value')
}

/** `<rule><date_expression operation="lt" end="2026-11-30 10:51:31Z"/>` */
function endOfRule(rule: Element): Label | undefined {
  const end = first(first(rule, 'rule'), 'date_expression')
  return end && labelled(end, 'end')
}

function scoreOfRule(rule: Element): Label | undefined {
  const inner = first(rule, 'rule')
  return inner && labelled(inner, 'score')
}

export function first(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((one) => one.name === name)
}

export function within(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((one) => one.name === name) ?? []
}

function isTrue(element: Element | undefined, name: string): boolean {
  return element?.attributes.get(name) === 'true'
}

export function labelled({ attributes }: Element, name: string): Label | undefined {
  const value = attributes.get(name)
  return value ? label(value) : undefined
}

/** `<status><errors><error>…`, of which each tells a part. */
function errorsOf(root: Element): Label | undefined {
  const errors = within(first(first(root, 'status'), 'errors'), 'error').map(({ text }) => text)
  return errors.length ? label(errors.join('; ')) : undefined
}

/** Without the build that stands behind it: `2.1.5-a3f44794f94`. */
function versionOf(dc: Element | undefined): Label | undefined {
  const [version] = dc?.attributes.get('version')?.split('-') ?? []
  return version ? label(version) : undefined
}

function nodeOf(node: Element): NodeFacts {
  return {
    name: labelled(node, 'name') ?? say`?`,
    type: labelled(node, 'type') ?? say`member`,
    online: isTrue(node, 'online'),
    standby: isTrue(node, 'standby'),
    standbyOnFail: isTrue(node, 'standby_onfail'),
    maintenance: isTrue(node, 'maintenance'),
    pending: isTrue(node, 'pending'),
    unclean: isTrue(node, 'unclean'),
    shutdown: isTrue(node, 'shutdown'),
    isDc: isTrue(node, 'is_dc'),
    ...defined({ featureSet: labelled(node, 'feature_set') }),
  }
}

const containers: readonly string[] = ['group', 'clone', 'bundle', 'replica'] satisfies readonly (
  | Container['kind']
  | 'replica'
)[]

/**
 * Each part of each resource, in the order of the configuration. The replicas of a bundle have numbers only, and are not told apart.
 *
 * @throws {Error} nested more deeply than Pacemaker nests anything
 */
export function* resourcesIn(
  element: Element | undefined,
  path: readonly Container[],
  depth = 0,
): Generator<ResourceFacts, void> {
  if (depth > deepest) throw new Error('resources in one another, deeper than Pacemaker has them')
  for (const child of element?.children ?? []) {
    if (child.name === 'resource') yield resourceOf(child, path)
    else if (containers.includes(child.name)) {
      const kind = child.name as Container['kind'] | 'replica'
      const id = labelled(child, 'id') ?? say`?`
      yield* resourcesIn(child, kind === 'replica' ? path : [...path, { kind, id }], depth + 1)
    }
  }
}

function resourceOf(resource: Element, path: readonly Container[]): ResourceFacts {
  const rawId = resource.attributes.get('id') ?? '?'
  return {
    id: label(rawId),
    rawId,
    within: path,
    agent: labelled(resource, 'resource_agent') ?? say`?`,
    role: labelled(resource, 'role') ?? say`?`,
    active: isTrue(resource, 'active'),
    orphaned: isTrue(resource, 'orphaned'),
    blocked: isTrue(resource, 'blocked'),
    // Maintenance of one resource has an attribute of its own since 2.1.6.
    managed: isTrue(resource, 'managed') && !isTrue(resource, 'maintenance'),
    failed: isTrue(resource, 'failed'),
    nodes: within(resource, 'node').map((node) => labelled(node, 'name') ?? say`?`),
    ...defined({ targetRole: labelled(resource, 'target_role'), pending: labelled(resource, 'pending') }),
  }
}

function failCountsOf(node: Element): FailCount[] {
  return within(node, 'resource_history').flatMap((history) => {
    const told = history.attributes.get('fail-count')
    if (told === undefined || told === '0') return []
    const count = Number(told)
    return {
      resource: labelled(history, 'id') ?? say`?`,
      node: labelled(node, 'name') ?? say`?`,
      ...defined({
        count: Number.isSafeInteger(count) && count < 1_000_000 ? count : undefined,
        last: labelled(history, 'last-failure'),
      }),
    }
  })
}

/** Whose key it is: `svc_monitor_2000`, and resources have underscores in their names, too. */
function failureOf(failure: Element): FailedAction {
  const key = failure.attributes.get('op_key') ?? failure.attributes.get('id') ?? '?'
  const [, resource = key, task = '?'] = /^(.+)_([a-z-]+)_\d+$/.exec(key) ?? []
  return {
    resource: label(resource),
    node: labelled(failure, 'node') ?? say`?`,
    task: labelled(failure, 'task') ?? label(task),
    exit: labelled(failure, 'exitstatus') ?? say`?`,
    ...defined({ reason: labelled(failure, 'exitreason'), at: labelled(failure, 'last-rc-change') }),
  }
}

function banOf(ban: Element): LocationRule {
  return {
    id: labelled(ban, 'id') ?? say`?`,
    resource: labelled(ban, 'resource') ?? say`?`,
    node: labelled(ban, 'node') ?? say`?`,
    score: labelled(ban, 'weight') ?? say`-1000000`,
  }
}

function fencingOf(event: Element): Fencing {
  return {
    target: labelled(event, 'target') ?? say`?`,
    action: labelled(event, 'action') ?? say`?`,
    status: labelled(event, 'status') ?? say`?`,
    ...defined({ at: labelled(event, 'completed') }),
  }
}
