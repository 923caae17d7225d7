import { nodesOf } from '../../fleet/cluster/places.ts'
import type { NodeRecord, ResourceRecord } from '../../fleet/cluster/record.ts'
import { groupOf } from '../../fleet/cluster/together.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { isPlain, named } from '../../services/pacemaker/verbs.ts'
import { canHandOver } from '../cluster/heartbeat.ts'
import { ableNodes, canBeTold, clusterOf } from '../cluster/teller.ts'
import type { Choice, Question } from '../question.ts'

/** What commands name: the group that goes as one, else the resource. */
export function movedName(resource: ResourceRecord): string {
  const group = groupOf(resource)
  return group === undefined ? resource.rawName : named(group)
}

/** `true`, or why the cluster would not move it anywhere. */
export function movable(resource: ResourceRecord, snapshot: Snapshot): true | Label {
  const { clusterRests, managed, targetRole, orphaned } = resource
  if (orphaned) return say`it is in no configuration any more`
  if (clusterRests) return say`the whole cluster is left alone: nothing moves`
  if (!managed) return say`it is not managed: nothing moves it`
  if (targetRole === 'Stopped') return say`it is disabled (target-role)`
  if (resource.manager === 'heartbeat') return canHandOver(resource, snapshot)
  if (!isPlain(movedName(resource))) return say`the name of its group is none that Pacemaker gives`
  return canBeTold(resource, snapshot)
}

const nodesAround = (resource: ResourceRecord, snapshot: Snapshot): readonly NodeRecord[] =>
  clusterOf(resource, snapshot)?.nodes ?? []

/** Why nothing can go to a node. */
function closed({ state }: NodeRecord): Label | undefined {
  return state === 'online' ? undefined : say`it is ${label(state)}`
}

function choiceOf(node: NodeRecord, disabled: Label | undefined): Choice {
  const runs = say`runs ${node.runs} resource${node.runs === 1 ? say`` : say`s`}`
  return { value: named(node.name), title: node.name, note: runs, ...(disabled ? { disabled } : {}) }
}

/** A question to which a node of the resource's cluster is the answer. `why`: why this one is not; undefined: it may be. */
function nodeQuestion(
  id: string,
  text: Label,
  why: (node: NodeRecord, resource: ResourceRecord) => Label | undefined,
): Question<ResourceRecord> {
  const called = (name: string, resource: ResourceRecord, snapshot: Snapshot) =>
    nodesAround(resource, snapshot).find((node) => node.name === name)
  return {
    id,
    text,
    value: 'NODE',
    namesOwn: true,
    needed: true,
    choices: (resource, snapshot) =>
      nodesAround(resource, snapshot).map((node) => choiceOf(node, why(node, resource))),
    wrong: (value, resource, snapshot) =>
      called(value, resource, snapshot) ? undefined : say`no node ${label(value)} in its cluster`,
    refuses: (value, resource, snapshot) => {
      const node = called(value, resource, snapshot)
      return node && why(node, resource)
    },
  }
}

function whyNotTo(node: NodeRecord, resource: ResourceRecord): Label | undefined {
  return nodesOf(resource).includes(node.name) ? say`it is there` : closed(node)
}

/** To which node it goes. */
export const toQuestion: Question<ResourceRecord> = {
  ...nodeQuestion('to', say`To which node?`, whyNotTo),
  default: (resource, snapshot) => {
    const cluster = clusterOf(resource, snapshot)
    const node = (cluster ? ableNodes(cluster) : []).find((one) => !whyNotTo(one, resource))
    return node && named(node.name)
  },
}

/** From which node it is kept away. */
export const fromQuestion: Question<ResourceRecord> = {
  ...nodeQuestion('from', say`From which node?`, bannedText),
  default: (resource) => nodesOf(resource).map(named)[0],
}

function bannedText({ name }: NodeRecord, { rules }: ResourceRecord): Label | undefined {
  return rules.some(({ node, score }) => node === name && score.startsWith('-'))
    ? say`it is banned from there already`
    : undefined
}

const units = { s: ['T', 'S'], m: ['T', 'M'], h: ['T', 'H'], d: ['', 'D'] } as const

/** `2h` as ISO 8601 has it, `PT2H`; undefined: it is none. */
export function lifetimeOf(value: string): string | undefined {
  const [, count, unit] = /^([1-9]\d{0,3})([smhd])$/.exec(value) ?? []
  if (!count || !unit) return undefined
  const [time, letter] = units[unit as keyof typeof units]
  return `P${time}${count}${letter}`
}
