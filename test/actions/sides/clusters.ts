import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import {
  balancing,
  clusterWorld,
  nodeIn,
  ownedWorld,
  resourceIn,
  type Scene,
} from '../../support/clusters.ts'
import type { Case, Table } from './side.ts'

// The group `directory` runs on ha1, and on ha2 after its move; the clone `watch` on both.

const online: Scene = { scene: 'online' }
const moved: Scene = { scene: 'moved', rules: 'moved' }
const edited = (...[from, to]: readonly [string | RegExp, string]): Scene => ({
  scene: 'online',
  edit: (xml) => xml.replaceAll(from, to),
})
/** ha2 is on standby. */
const alone = edited(/(<node name="ha2"[^>]*) standby="false"/g, '$1 standby="true"')
const resting: Scene = { scene: 'maintenance' }
const failed: Scene = { scene: 'failed' }
const unmanaged = edited(/(<resource id="directory-ip"[^>]*) managed="true"/g, '$1 managed="false"')
const disabled = edited(
  /(<resource id="directory-ip"[^>]*)role="Started"/g,
  '$1target_role="Stopped" role="Started"',
)
const orphaned = edited(/(<resource id="directory-ip"[^>]*)orphaned="false"/g, '$1orphaned="true"')
const split = { ha1: { scene: 'split-1' }, ha2: { scene: 'split-2' } } as const
/** ha2 has lost its power. */
const single: Scene = { scene: 'peer-off' }
const nowhere: Scene = {
  scene: 'online',
  edit: (xml) =>
    xml.replace(
      /<resource id="directory-ip"[\s\S]*?<\/resource>/,
      '<resource id="directory-ip" role="Stopped" managed="true"/>',
    ),
}
/** Nobody answers any more; what was told is still known. */
const dead: Snapshot = ((world) => ({
  ...world,
  clusters: world.clusters.map((one) => ({
    ...one,
    trouble: { kind: 'refused', reason: 'dead' as never, advice: '' as never, since: 0 },
  })),
}))(clusterWorld(online))

type Told = Parameters<typeof clusterWorld>[0] | Snapshot
interface Rest extends Pick<Case, 'answers' | 'is'> {
  /** what is told by now; default: the same */
  readonly now?: Told
  readonly together?: readonly string[]
}

const worldOf = (told: Told): Snapshot => ('seenAt' in told ? told : clusterWorld(told))

function caseOf(find: (shown: Snapshot, name: string) => unknown) {
  return (what: string, name: string, told: Told, { now = told, together, ...rest }: Rest = {}): Case => ({
    what,
    target: find(worldOf(told), name),
    snapshot: worldOf(now),
    ...(together ? { together: together.map((one) => find(worldOf(told), one)) } : {}),
    ...rest,
  })
}
const on = caseOf(resourceIn)
const at = caseOf(nodeIn)

const noteller = on('where nobody knows the cluster', 'directory-ip', dead, {
  is: 'no node that is asked knows its cluster',
})
const splitText = 'split brain: ha1 | ha2 do not see each other; mend the links between them first'
const torn = on('in a split brain, where both sides say that they have quorum', 'directory-ip', split, {
  is: splitText,
})
const notNow = [
  on('of an orphan', 'directory-ip', orphaned, { is: 'it is in no configuration any more' }),
  on('in maintenance', 'directory-ip', resting, { is: 'the whole cluster is left alone: nothing moves' }),
  on('that nobody manages', 'directory-ip', unmanaged, { is: 'it is not managed: nothing moves it' }),
  on('that is disabled', 'directory-ip', disabled, { is: 'it is disabled (target-role)' }),
  noteller,
  torn,
]
const toHa2 = { to: 'ha2', hold: 'no' }
const held = { to: 'ha2', hold: 'yes' }
const fromHa1 = { from: 'ha1', hold: 'yes' }
const groupGoes = 'the whole group directory goes'

const balanced = balancing()

const banned: Scene = {
  scene: 'moved',
  rules: 'banned',
}

export const clusterSides: Table = {
  switchover: {
    available: {
      holds: [on('where the other node is online', 'directory-ip', online)],
      not: [
        on('of a clone', 'watcher', online, {
          is: 'it runs on several nodes at once: ban it from one, or put that on standby',
        }),
        on('where the other is on standby', 'directory-ip', alone, { is: 'no other node is online' }),
        on('where the other is off', 'directory-ip', single, { is: 'no other node is online' }),
        ...notNow,
      ],
    },
    hits: {
      holds: [on('of the address of a balancer', 'directory-slapd', balanced)],
      not: [on('of what no connection goes through', 'directory-ip', online)],
    },
    warns: {
      holds: [
        on('that the group goes', 'directory-ip', online, { answers: toHa2, is: [groupGoes] }),
        on('that it takes the rule with it that is there', 'directory-ip', moved, {
          answers: { to: 'ha1' },
          is: [groupGoes, 'the rule cli-prefer-directory goes with it'],
        }),
      ],
      not: [on('of one alone', 'watcher', online)],
    },
    settled: {
      holds: [
        on('when all of the group is there, and the rule left that holds it', 'directory-ip', online, {
          now: moved,
          answers: held,
        }),
        on('when all is there but what is disabled', 'directory-ip', online, {
          answers: held,
          now: {
            ...moved,
            edit: (xml) =>
              xml.replace(
                /<resource id="directory-slapd"[\s\S]*?<\/resource>/,
                '<resource id="directory-slapd" role="Stopped" target_role="Stopped"/>',
              ),
          },
        }),
        on('when all is there and no rule is left', 'directory-ip', online, {
          now: { scene: 'moved' },
          answers: toHa2,
        }),
      ],
      not: [
        on('before it has gone', 'directory-ip', online, { answers: toHa2 }),
        on('while the rule is there that is to be cleared', 'directory-ip', online, {
          now: moved,
          answers: toHa2,
        }),
        on('while one of the group is on its way', 'directory-ip', online, {
          answers: held,
          now: {
            ...moved,
            edit: (xml) => xml.replace(/(id="directory-slapd"[^>]*)role="Started"/, '$1role="Starting"'),
          },
        }),
        on('while nothing of it runs', 'directory-ip', online, {
          answers: held,
          now: {
            ...moved,
            edit: (xml) =>
              xml.replace(
                /<resource id="directory-slapd"[\s\S]*?<\/resource>/,
                '<resource id="directory-slapd" role="Stopped"/>',
              ),
          },
        }),
      ],
    },
    unseen: {
      holds: [
        on('that it failed there', 'directory-slapd', online, {
          now: failed,
          answers: { to: 'ha2' },
          is: 'it failed on ha2: monitor: not running',
        }),
      ],
      not: [
        on('where nothing failed', 'directory-slapd', online, { answers: { to: 'ha2' } }),
        on('where it failed elsewhere', 'directory-slapd', online, { now: failed, answers: { to: 'ha1' } }),
      ],
    },
    undo: {
      holds: [
        on('back to where it was', 'directory-ip', online, {
          answers: toHa2,
          is: { verb: 'switchover', answers: { to: 'ha1', hold: 'no' } },
        }),
      ],
      not: [
        on(
          'of what ran nowhere',
          'directory-ip',
          {
            scene: 'online',
            edit: (xml) =>
              xml.replace(
                /<resource id="directory-ip"[\s\S]*?<\/resource>/,
                '<resource id="directory-ip" role="Stopped"/>',
              ),
          },
          { answers: toHa2 },
        ),
      ],
    },
  },
  ban: {
    available: {
      holds: [on('of one', 'directory-ip', online), on('of a clone', 'watcher', online)],
      not: notNow,
    },
    hits: {
      holds: [on('of the address of a balancer', 'directory-slapd', balanced)],
      not: [on('of what no connection goes through', 'watcher', balanced)],
    },
    riskWith: {
      holds: [on('from the only node that is online', 'directory-ip', alone, { answers: fromHa1 })],
      not: [
        on('from one of two', 'directory-ip', online, { answers: fromHa1 }),
        on('from where it is not', 'directory-ip', alone, { answers: { from: 'ha2' } }),
      ],
    },
    insists: {
      holds: [
        on('from the only node that is online', 'directory-ip', alone, {
          answers: fromHa1,
          is: 'no other node is online: directory-ip runs nowhere then',
        }),
      ],
      not: [on('from one of two', 'directory-ip', online, { answers: fromHa1 })],
    },
    warns: {
      holds: [on('that the group goes', 'directory-ip', online, { answers: fromHa1, is: [groupGoes] })],
      not: [on('of one alone', 'watcher', online)],
    },
    settled: {
      holds: [
        on(
          'when the rule is there and it is not',
          'watcher',
          { scene: 'banned' },
          { now: { scene: 'banned', rules: 'banned' }, answers: { from: 'ha2' } },
        ),
      ],
      not: [
        on('before the rule is there', 'watcher', { scene: 'banned' }, { answers: { from: 'ha2' } }),
        on('while it still runs there', 'watcher', online, {
          now: { scene: 'online', rules: 'banned' },
          answers: { from: 'ha2' },
        }),
        on('when the rule holds it elsewhere', 'directory-ip', moved, { answers: { from: 'ha1' } }),
      ],
    },
    undo: {
      holds: [
        on('where no rule was', 'watcher', online, { answers: fromHa1, is: { verb: 'clear', answers: {} } }),
      ],
      not: [
        on('where one was that would be cleared with it', 'directory-ip', moved, {
          answers: { from: 'ha2' },
        }),
      ],
    },
  },
  clear: {
    available: {
      holds: [on('of what a move has left', 'directory-ip', moved), on('of a ban', 'watcher', banned)],
      not: [
        on('where nothing was left', 'directory-ip', online, { is: 'no move or ban has left a rule for it' }),
        on(
          'where both sides of a split say that they have quorum',
          'directory-ip',
          {
            ha1: { scene: 'split-1', rules: 'moved' },
            ha2: { scene: 'split-2', rules: 'moved' },
          },
          { is: splitText },
        ),
      ],
    },
    hits: {
      holds: [on('of the address of a balancer', 'directory-slapd', balanced)],
      not: [on('of what no connection goes through', 'watcher', balanced)],
    },
    settled: {
      holds: [on('when no rule is left', 'directory-ip', moved, { now: online })],
      not: [on('while it is there', 'directory-ip', moved)],
    },
    undo: {
      holds: [
        on('of a move', 'directory-ip', moved, {
          is: { verb: 'switchover', answers: { to: 'ha2', hold: 'yes' } },
        }),
        on('of a ban', 'watcher', banned, { is: { verb: 'ban', answers: { from: 'ha2', hold: 'yes' } } }),
      ],
      not: [
        on('of one that would have ended by itself', 'directory-ip', { scene: 'online', rules: 'lifetime' }),
        on('of none', 'directory-ip', online),
      ],
    },
  },
  cleanup: {
    available: {
      holds: [on('of what failed', 'directory-slapd', failed)],
      not: [
        on('of what did not', 'directory-ip', online, { is: 'it has not failed since somebody cleaned up' }),
      ],
    },
    warns: {
      holds: [on('with what it failed', 'directory-slapd', failed)],
      not: [on('of one alone that did not', 'watcher', online)],
    },
    settled: {
      holds: [on('when nothing is left of it', 'directory-slapd', failed, { now: online })],
      not: [on('while it has failed', 'directory-slapd', failed)],
    },
    unseen: {
      holds: [
        on('that it failed again', 'directory-slapd', failed, {
          is: 'it has failed again: monitor on ha2: not running (slapd process not found.)',
        }),
      ],
      not: [on('where it did not', 'directory-slapd', failed, { now: online })],
    },
  },
  refresh: {
    available: { holds: [on('of any', 'directory-ip', online)], not: [noteller, torn] },
  },
  disable: {
    available: {
      holds: [on('of what runs', 'directory-ip', online)],
      not: [
        on('of what is disabled', 'directory-ip', disabled, { is: 'it is disabled already' }),
        on('of what nobody manages', 'directory-ip', unmanaged, {
          is: 'it is not managed: nothing stops it',
        }),
        noteller,
      ],
    },
    hits: {
      holds: [on('of the address of a balancer', 'directory-slapd', balanced)],
      not: [on('of what no connection goes through', 'watcher', balanced)],
    },
    settled: {
      holds: [on('when it runs nowhere', 'directory-ip', online, { now: nowhere })],
      not: [on('while it runs', 'directory-ip', online)],
    },
    undo: {
      holds: [on('by enabling it', 'directory-ip', online, { is: { verb: 'enable', answers: {} } })],
      not: 'never',
    },
  },
  enable: {
    available: {
      holds: [on('of what is disabled', 'directory-ip', disabled)],
      not: [on('of what is not', 'directory-ip', online, { is: 'it is not disabled' })],
    },
    settled: {
      holds: [on('when it runs', 'directory-ip', disabled, { now: online })],
      not: [
        on('while it is disabled', 'directory-ip', disabled),
        on('while it runs nowhere', 'directory-ip', disabled, { now: nowhere }),
      ],
    },
    unseen: {
      holds: [
        on('with what it failed', 'directory-slapd', online, {
          now: failed,
          is: 'monitor on ha2: not running (slapd process not found.)',
        }),
      ],
      not: [on('where it did not fail', 'directory-slapd', online)],
    },
    undo: {
      holds: [on('by disabling it', 'directory-ip', disabled, { is: { verb: 'disable', answers: {} } })],
      not: 'never',
    },
  },
  unmanage: {
    available: {
      holds: [on('of what is managed', 'directory-ip', online)],
      not: [
        on('of what is not', 'directory-ip', unmanaged, { is: 'it is not managed already' }),
        on('in maintenance', 'directory-ip', resting, { is: 'the whole cluster is in maintenance' }),
        on('of an orphan', 'directory-ip', orphaned, { is: 'it is in no configuration any more' }),
        noteller,
      ],
    },
    warns: { holds: [on('that nobody helps then', 'directory-ip', online)], not: 'never' },
    settled: {
      holds: [on('when it is not managed', 'directory-ip', online, { now: unmanaged })],
      not: [on('while it is', 'directory-ip', online)],
    },
    undo: {
      holds: [on('by managing it', 'directory-ip', online, { is: { verb: 'manage', answers: {} } })],
      not: 'never',
    },
  },
  manage: {
    available: {
      holds: [on('of what is not managed', 'directory-ip', unmanaged)],
      not: [
        on('of what is', 'directory-ip', online, { is: 'it is managed' }),
        on('in maintenance', 'directory-ip', resting, { is: 'the whole cluster is in maintenance' }),
      ],
    },
    settled: {
      holds: [on('when it is managed', 'directory-ip', unmanaged, { now: online })],
      not: [on('while it is not', 'directory-ip', unmanaged)],
    },
    undo: {
      holds: [
        on('by leaving it alone', 'directory-ip', unmanaged, { is: { verb: 'unmanage', answers: {} } }),
      ],
      not: 'never',
    },
  },
  standby: {
    available: {
      holds: [at('of one that is online', 'ha1', online)],
      not: [
        at('of one that is on standby', 'ha2', alone, { is: 'it is on standby already' }),
        at('of one that is off', 'ha2', single, { is: 'it is offline' }),
        at('in a split brain', 'ha1', split, { is: splitText }),
      ],
    },
    hits: {
      holds: [at('of the address of a balancer', 'ha1', balanced)],
      not: [at('of the node that has none', 'ha2', balanced)],
    },
    riskWith: {
      holds: [
        at('of the only one that is online', 'ha1', alone),
        at('of both at once', 'ha1', online, { together: ['ha1', 'ha2'] }),
      ],
      not: [
        at('of one of two', 'ha1', online),
        at('of one on which nothing runs that another could take', 'ha2', {
          scene: 'online',
          edit: (xml) => xml.replace(/(<node name="ha1"[^>]*) standby="false"/, '$1 standby="true"'),
        }),
      ],
    },
    insists: {
      holds: [
        at('of the only one that is online', 'ha1', alone, {
          is: 'no other node is online: what runs on ha1 runs nowhere then',
        }),
      ],
      not: [at('of one of two', 'ha1', online)],
    },
    warns: {
      holds: [at('that nothing moves in maintenance', 'ha1', resting)],
      not: [at('of nothing else', 'ha1', online)],
    },
    settled: {
      holds: [
        at('when nothing runs there that moves', 'ha1', online, { now: { scene: 'standby' } }),
        at('in maintenance as soon as it is said', 'ha1', resting, {
          now: {
            scene: 'maintenance',
            edit: (xml) => xml.replace(/(<node name="ha1"[^>]*) standby="false"/, '$1 standby="true"'),
          },
        }),
      ],
      not: [
        at('before it is said', 'ha1', online),
        at('while something runs there', 'ha1', online, {
          now: {
            scene: 'online',
            edit: (xml) => xml.replace(/(<node name="ha1"[^>]*) standby="false"/, '$1 standby="true"'),
          },
        }),
      ],
    },
    progress: {
      holds: [at('what still runs there', 'ha1', online, { is: '3 still run there' })],
      not: [at('where nothing does', 'ha1', online, { now: { scene: 'standby' } })],
    },
    undo: {
      holds: [at('by bringing it back', 'ha1', online, { is: { verb: 'online', answers: {} } })],
      not: 'never',
    },
  },
  online: {
    available: {
      holds: [at('of one on standby', 'ha1', { scene: 'standby' })],
      not: [
        at('of one that is online', 'ha1', online, { is: 'it is not on standby' }),
        at(
          'of one that a failure put there',
          'ha1',
          edited(/(<node name="ha1"[^>]*) standby_onfail="false"/g, '$1 standby_onfail="true"'),
          {
            is: 'a resource that failed put it on standby: clean that up',
          },
        ),
      ],
    },
    settled: {
      holds: [at('when it is back', 'ha1', { scene: 'standby' }, { now: online })],
      not: [at('while it is on standby', 'ha1', { scene: 'standby' })],
    },
    undo: {
      holds: [at('by standby', 'ha1', { scene: 'standby' }, { is: { verb: 'standby', answers: {} } })],
      not: 'never',
    },
  },
  maintenance: {
    available: {
      holds: [at('of any', 'ha1', online)],
      not: [at('in a split brain', 'ha1', split, { is: splitText })],
    },
    warns: {
      holds: [at('that nobody helps then', 'ha1', online, { answers: { mode: 'on' } })],
      not: [at('of its end', 'ha1', resting, { answers: { mode: 'off' } })],
    },
    settled: {
      holds: [
        at('when it is', 'ha1', online, { now: resting, answers: { mode: 'on' } }),
        at('when it is over', 'ha1', resting, { now: online, answers: { mode: 'off' } }),
      ],
      not: [
        at('before', 'ha1', online, { answers: { mode: 'on' } }),
        at('while it lasts', 'ha1', resting, { answers: { mode: 'off' } }),
      ],
    },
    undo: {
      holds: [
        at('by its end', 'ha1', online, {
          answers: { mode: 'on' },
          is: { verb: 'maintenance', answers: { mode: 'off' } },
        }),
      ],
      not: [at('of what was so before', 'ha1', online, { answers: { mode: 'off' } })],
    },
  },
}

/** That of machines which a cluster runs it is told who does it. */
export function withOwners(table: Table): Table {
  const world = ownedWorld()
  const of = (what: string, which: number): Case => ({ what, target: world.machines[which], snapshot: world })
  const warns = { holds: [of('of one that a cluster runs', 0)], not: [of('of one that no cluster runs', 1)] }
  const verbs = ['start', 'shutdown', 'migrate', 'off', 'autostart', 'undefine']
  return {
    ...table,
    ...Object.fromEntries(
      verbs.map((verb) => {
        const own = table[verb]?.warns
        const not = own && own.not !== 'never' ? own.not : []
        return [
          verb,
          {
            ...table[verb],
            warns: { holds: [...(own?.holds ?? []), ...warns.holds], not: [...not, ...warns.not] },
          },
        ]
      }),
    ),
  }
}
