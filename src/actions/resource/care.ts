import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, say } from '../../hosts/label.ts'
import { cleanUpResource, refreshResource, setMeta } from '../../services/pacemaker/verbs.ts'
import type { Change } from '../action.ts'
import { foreseen } from '../cluster/foresight.ts'
import { canBeTold, toldBy } from '../cluster/teller.ts'
import { presentOf } from '../subjects.ts'

const common = {
  kind: 'change',
  subject: 'resource',
  group: 'duty',
  risk: 'disruptive',
  asks: [],
  patience: 60,
} as const

function hasFailed({ failed, blocked, failCounts, failures }: ResourceRecord): boolean {
  return failed || blocked || failCounts.length > 0 || failures.length > 0
}

/** What it failed with last, which a cleanup does not mend. */
function failureText({ failures }: ResourceRecord): Label | undefined {
  const last = failures.at(-1)
  return (
    last && say`${last.task} on ${last.node}: ${last.exit}${last.reason ? say` (${last.reason})` : say``}`
  )
}

export const cleanup: Change<ResourceRecord> = {
  ...common,
  verb: 'cleanup',
  key: 'x',
  title: 'Clean up',
  help: 'Forgets that a cluster resource has failed: the cluster looks again how it is, and tries again.',
  available: (resource, { snapshot }) =>
    hasFailed(resource) ? canBeTold(resource, snapshot) : say`it has not failed since somebody cleaned up`,
  warns: (resource) => {
    const why = failureText(resource)
    return [
      ...(why ? [say`it failed: ${why}; if that is not mended, it fails again`] : []),
      ...(resource.within.some(({ kind }) => kind === 'group') ? [say`its whole group is cleaned up`] : []),
    ]
  },
  plan: (resource, _answers, { snapshot }) => [cleanUpResource(toldBy(resource, snapshot), resource.rawName)],
  settled: (resource, _answers, snapshot) => {
    const now = presentOf('resource', resource, snapshot)
    return (now && !hasFailed(now)) || undefined
  },
  unseen: (resource, _answers, snapshot) => {
    const now = presentOf('resource', resource, snapshot)
    const why = now && failureText(now)
    return why && say`it has failed again: ${why}`
  },
}

export const refresh: Change<ResourceRecord> = {
  ...common,
  verb: 'refresh',
  key: 'R',
  title: 'Refresh',
  help: 'Lets the cluster forget all that it knows of a resource, and look on every node where it runs.',
  available: (resource, { snapshot }) => canBeTold(resource, snapshot),
  plan: (resource, _answers, { snapshot }) => [refreshResource(toldBy(resource, snapshot), resource.rawName)],
}

/** `true`, or why it cannot be said whether it is managed. */
function canBeManaged(resource: ResourceRecord, snapshot: Snapshot): true | Label {
  if (resource.clusterRests) return say`the whole cluster is in maintenance`
  return resource.orphaned ? say`it is in no configuration any more` : canBeTold(resource, snapshot)
}

function withRole(role: 'Started' | 'Stopped'): Pick<Change<ResourceRecord>, 'plan' | 'foresees'> {
  return {
    foresees: foreseen,
    plan: (resource, _answers, { snapshot }) => [
      setMeta(toldBy(resource, snapshot), resource.rawName, 'target-role', role),
    ],
  }
}

export const disable: Change<ResourceRecord> = {
  ...common,
  verb: 'disable',
  key: 'd',
  title: 'Disable',
  help: 'Lets the cluster stop a resource, and not start it again until it is enabled.',
  hits: 'ends',
  patience: 120,
  available: (resource, { snapshot }) =>
    resource.targetRole === 'Stopped'
      ? say`it is disabled already`
      : resource.managed
        ? canBeManaged(resource, snapshot)
        : say`it is not managed: nothing stops it`,
  endedBy: ['enable'],
  ...withRole('Stopped'),
  settled: (resource, _answers, snapshot) =>
    presentOf('resource', resource, snapshot)?.places.length === 0 || undefined,
  undo: () => ({ verb: 'enable', answers: {} }),
}

export const enable: Change<ResourceRecord> = {
  ...common,
  verb: 'enable',
  key: 'e',
  title: 'Enable',
  help: 'Lets the cluster start a resource that was disabled.',
  patience: 120,
  available: (resource, { snapshot }) =>
    resource.targetRole === 'Stopped' ? canBeManaged(resource, snapshot) : say`it is not disabled`,
  endedBy: ['disable'],
  ...withRole('Started'),
  settled: (resource, _answers, snapshot) => {
    const now = presentOf('resource', resource, snapshot)
    return (now?.targetRole !== 'Stopped' && !!now?.places.length) || undefined
  },
  unseen: (resource, _answers, snapshot) => {
    const now = presentOf('resource', resource, snapshot)
    return now && failureText(now)
  },
  undo: () => ({ verb: 'disable', answers: {} }),
}

function managing(isManaged: boolean): Pick<Change<ResourceRecord>, 'plan' | 'settled' | 'foresees'> {
  return {
    foresees: foreseen,
    plan: (resource, _answers, { snapshot }) => [
      setMeta(toldBy(resource, snapshot), resource.rawName, 'is-managed', String(isManaged)),
    ],
    settled: (resource, _answers, snapshot) =>
      presentOf('resource', resource, snapshot)?.managed === isManaged || undefined,
  }
}

export const unmanage: Change<ResourceRecord> = {
  ...common,
  verb: 'unmanage',
  key: 'U',
  title: 'Leave alone',
  help: 'Lets the cluster leave a resource alone: it is not started, stopped or moved, also when it fails.',
  available: (resource, { snapshot }) =>
    resource.managed || resource.clusterRests
      ? canBeManaged(resource, snapshot)
      : say`it is not managed already`,
  endedBy: ['manage'],
  warns: () => [say`if it fails meanwhile, nothing is done`],
  ...managing(false),
  undo: () => ({ verb: 'manage', answers: {} }),
}

export const manage: Change<ResourceRecord> = {
  ...common,
  verb: 'manage',
  key: 'A',
  title: 'Manage',
  help: 'Lets the cluster look after a resource again.',
  available: (resource, { snapshot }) =>
    resource.managed ? say`it is managed` : canBeManaged(resource, snapshot),
  endedBy: ['unmanage'],
  ...managing(true),
  undo: () => ({ verb: 'unmanage', answers: {} }),
}
