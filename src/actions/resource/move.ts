import { isClone, nodesOf } from '../../fleet/cluster/places.ts'
import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import { groupOf, movingWith } from '../../fleet/cluster/together.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { banResource, clearResource, moveResource, named, untilIdle } from '../../services/pacemaker/verbs.ts'
import type { Change } from '../action.ts'
import { foreseen } from '../cluster/foresight.ts'
import { taking } from '../cluster/heartbeat.ts'
import { ableNodes, canBeTold, clusterOf, toldBy } from '../cluster/teller.ts'
import type { Question } from '../question.ts'
import { presentOf } from '../subjects.ts'
import { fromQuestion, lifetimeOf, movable, movedName, toQuestion } from './where.ts'

/** For how long a rule of a move or a ban stays. */
function holdQuestion(first: 'no' | 'yes'): Question<ResourceRecord> {
  const no = {
    value: 'no',
    title: say`no`,
    note: say`the rule is cleared when it has arrived: the cluster decides again`,
  }
  const others = [
    { value: '1h', title: say`for an hour`, note: say`then the cluster decides again` },
    { value: 'yes', title: say`until it is cleared`, note: say`also when that node fails` },
  ]
  return {
    id: 'hold',
    text: first === 'no' ? say`Hold it there?` : say`For how long?`,
    value: first === 'no' ? 'no|yes|DURATION' : 'yes|DURATION',
    choices: () => (first === 'no' ? [no, ...others] : others.toReversed()),
    // Heartbeat has no rules that could hold it.
    when: ({ manager }) => manager === 'pacemaker',
    default: first,
    wrong: (value) =>
      value === 'yes' || (value === 'no' && first === 'no') || lifetimeOf(value)
        ? undefined
        : first === 'no'
          ? say`no, yes, or for how long, as 30m, 2h or 1d`
          : say`yes, or for how long, as 30m, 2h or 1d`,
  }
}

const common = {
  kind: 'change',
  subject: 'resource',
  group: 'migration',
  risk: 'disruptive',
  hits: 'stumbles',
  foresees: foreseen,
  patience: 120,
} as const

/** That more goes than was chosen. */
function togetherText(resource: ResourceRecord, snapshot: Snapshot): Label[] {
  const group = groupOf(resource)
  return group !== undefined && movingWith(resource, snapshot).length > 1
    ? [say`the whole group ${group} goes`]
    : []
}

/** A move replaces the rules that were there. */
function replacedText({ rules }: ResourceRecord): Label[] {
  return rules.map(({ id }) => say`the rule ${id} goes with it`)
}

const busy = new Set(['Starting', 'Stopping', 'Migrating'])

/** It runs there, and is not on its way. */
function isAt(resource: ResourceRecord | undefined, node: string | undefined): boolean {
  return !!resource?.places.length && resource.places.every((one) => one.node === node && !busy.has(one.role))
}

export const move: Change<ResourceRecord> = {
  ...common,
  verb: 'switchover',
  called: 'move',
  key: 'm',
  title: 'Move',
  help: 'Moves a cluster resource, or the group that it is in, to another node, and clears the rule that does it unless it shall hold there.',
  available: (resource, { snapshot }) => {
    if (isClone(resource))
      return say`it runs on several nodes at once: ban it from one, or put that on standby`
    const can = movable(resource, snapshot)
    if (can !== true) return can
    const nodes = clusterOf(resource, snapshot)
    const isOther = nodes && ableNodes(nodes).some(({ name }) => !nodesOf(resource).includes(name))
    return isOther || say`no other node is online`
  },
  asks: [toQuestion, holdQuestion('no')],
  endedBy: ['switchover', 'ban', 'clear'],
  warns: (resource, _answers, snapshot) => [...togetherText(resource, snapshot), ...replacedText(resource)],
  plan: (resource, { to = '', hold = 'no' }, context) => {
    if (resource.manager === 'heartbeat') return taking(resource, to, context)
    const { snapshot } = context
    const host = toldBy(resource, snapshot)
    const name = movedName(resource)
    const going = moveResource(host, name, to, lifetimeOf(hold))
    return hold === 'no' ? [going, untilIdle(host), clearResource(host, name)] : [going]
  },
  settled: (resource, { to, hold }, snapshot) => {
    const now = presentOf('resource', resource, snapshot)
    if (!now) return undefined
    const all = movingWith(now, snapshot).filter(({ targetRole }) => targetRole !== 'Stopped')
    return (all.every((one) => isAt(one, to)) && (hold !== 'no' || !now.rules.length)) || undefined
  },
  unseen: (resource, { to = '' }, snapshot) => {
    const now = presentOf('resource', resource, snapshot)
    const [failure] = now?.failures.filter(({ node }) => node === to) ?? []
    return failure && say`it failed on ${label(to)}: ${failure.task}: ${failure.exit}`
  },
  undo: (resource, { hold = 'no' }) => {
    const [from, ...more] = nodesOf(resource)
    return from && !more.length ? { verb: 'switchover', answers: { to: named(from), hold } } : undefined
  },
}

/** Why it would run nowhere: no other node could take it. */
function leavesNothing(
  resource: ResourceRecord,
  from: string | undefined,
  snapshot: Snapshot,
): Label | undefined {
  const cluster = clusterOf(resource, snapshot)
  const others = cluster ? ableNodes(cluster).filter(({ name }) => name !== from) : []
  return nodesOf(resource).some((node) => node === from) && !others.length
    ? say`no other node is online: ${resource.name} runs nowhere then`
    : undefined
}

export const ban: Change<ResourceRecord> = {
  ...common,
  verb: 'ban',
  key: 'b',
  title: 'Ban',
  help: 'Keeps a cluster resource, or the group that it is in, away from a node, until that is cleared.',
  available: (resource, { snapshot }) =>
    resource.manager === 'pacemaker' ? movable(resource, snapshot) : canBeTold(resource, snapshot),
  asks: [fromQuestion, holdQuestion('yes')],
  endedBy: ['switchover', 'clear'],
  riskWith: ({ from }, resource, snapshot) =>
    leavesNothing(resource, from, snapshot) ? 'destructive' : 'disruptive',
  insists: (resource, { from }, snapshot) => leavesNothing(resource, from, snapshot),
  warns: (resource, _answers, snapshot) => togetherText(resource, snapshot),
  plan: (resource, { from = '', hold = 'yes' }, { snapshot }) => [
    banResource(toldBy(resource, snapshot), bannedName(resource), from, lifetimeOf(hold)),
  ],
  settled: (resource, { from }, snapshot) => {
    const now = presentOf('resource', resource, snapshot)
    const isBanned = now?.rules.some(({ node, score }) => node === from && score.startsWith('-'))
    return (isBanned && !now?.places.some(({ node }) => node === from)) || undefined
  },
  undo: ({ rules }) => (rules.length ? undefined : { verb: 'clear', answers: {} }),
}

/** Of a clone the clone is banned, and of a group the group. */
function bannedName(resource: ResourceRecord): string {
  const [outermost] = resource.within
  return outermost ? named(outermost.id) : resource.rawName
}

export const clear: Change<ResourceRecord> = {
  ...common,
  verb: 'clear',
  key: 'c',
  title: 'Clear',
  help: 'Takes away the rules that moves and bans have left behind for a cluster resource.',
  available: (resource, { snapshot }) =>
    resource.rules.length ? canBeTold(resource, snapshot) : say`no move or ban has left a rule for it`,
  asks: [],
  endedBy: ['switchover', 'ban'],
  plan: (resource, _answers, { snapshot }) => {
    const host = toldBy(resource, snapshot)
    return [...new Set(resource.rules.map((rule) => named(rule.resource)))].map((name) =>
      clearResource(host, name),
    )
  },
  settled: (resource, _answers, snapshot) =>
    presentOf('resource', resource, snapshot)?.rules.length === 0 || undefined,
  undo: ({ rules: [rule, ...more] }) => {
    // It would not end by itself as it did.
    if (!rule || more.length || rule.until) return undefined
    return rule.score.startsWith('-')
      ? { verb: 'ban', answers: { from: named(rule.node), hold: 'yes' } }
      : { verb: 'switchover', answers: { to: named(rule.node), hold: 'yes' } }
  },
}
