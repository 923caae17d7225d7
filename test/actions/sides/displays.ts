import type { DisplayRecord, DisplayServerRecord } from '../../../src/fleet/display/record.ts'
import { displayRecord } from '../../../src/fleet/display/record.ts'
import { say } from '../../../src/hosts/label.ts'
import { channels, displayServer, displaysOf } from '../../support/displays.ts'
import { host, snapshot } from '../../support/records.ts'
import { seen } from '../../support/sight.ts'
import type { Case, Table } from './side.ts'

const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
const one = (...given: Parameters<typeof seen>) => channels(seen(...given))[0] as DisplayRecord
const login = displaysOf([], { others: [{ display: 0, program: 'Xorg' }] }).map((other) =>
  displayRecord('d1', other),
)[0] as DisplayRecord

/** `now`: what is there now; default: the target. */
function on(
  what: string,
  target: DisplayRecord,
  rest: Pick<Case, 'answers' | 'is' | 'began' | 'together'> & {
    readonly now?: readonly DisplayRecord[]
    readonly server?: Partial<DisplayServerRecord>
  } = {},
): Case {
  const { now = [target], server, ...more } = rest
  const shown = snapshot([], [host('d1', { roles: ['display'] })])
  return { what, target, snapshot: { ...shown, displays: [displayServer(now, server)] }, ...more }
}

const silent = on('where its server is silent', one(), {
  server: { trouble },
  is: 'd1 cannot be asked: no answer',
})
const unheard = { ...on('where its server is none', one()), snapshot: snapshot([]), is: 'd1 cannot be asked' }
const other = on('on a login screen', login, { is: 'it is no channel of vdd' })
const deadOne = one({}, { fate: 'dead' })
const dead = on('that has ended', deadOne, { is: 'its session has ended: what is left can only be closed' })

const kept = one({ keep: true })
const unseen = one({ keep: true, terminal: { name: 'term3' } })
const shown = one({ keep: true, resumedAt: 9_500 })

const isHeld = {
  holds: [on('on a channel that is open', one())],
  not: [
    silent,
    unheard,
    other,
    dead,
    on('that is orphaned', one({}, { fate: 'orphan' }), { is: 'it is orphaned: it can only be closed' }),
    on('that is being opened', one({ state: 'opening' }), { is: 'it is opening' }),
    on('that is being closed', one({ state: 'closing' }), { is: 'it is closing' }),
  ],
} as const

const isSeen = {
  ...isHeld,
  not: [
    ...isHeld.not,
    on('that is kept, and no terminal shows it', one({ terminal: { name: 'term3' } }), {
      is: 'no terminal shows it',
    }),
  ],
} as const

const small = one({ fullScreen: false, size: { width: 1024, height: 768 } })
const unknown = one({ fullScreen: false, size: undefined })

export const displaySides: Table = {
  close: {
    available: {
      holds: [
        on('on a channel that is open', one()),
        on('on one that is orphaned', one({}, { fate: 'orphan' })),
        on('on one that is being opened', one({ state: 'opening' })),
        on('on one that was asked to already', one({ state: 'closing' })),
        on('on what is left of one that has ended', deadOne),
      ],
      not: [silent, unheard, other],
    },
    riskWith: {
      holds: [on('of one that is ended at once', one(), { answers: { insist: 'yes' } })],
      not: [on('of one that is asked', one(), { answers: { insist: 'no' } }), on('by default', one())],
    },
    warns: {
      holds: [
        on('of what is lost', one(), { is: ['unsaved work is lost; nothing brings the session back'] }),
      ],
      not: [
        on('of a login screen', login),
        on('of one whose session is lost already', one({}, { fate: 'orphan' })),
      ],
    },
    hits: {
      holds: [
        on('who is on it', one(), { is: ['1 person is working on it: anna (term3)'] }),
        on('who is on several', one(), {
          together: [one(), one({ id: 'bbbbbb' }, { user: 'bruno' })],
          is: ['2 people are working on them: anna (term3), bruno (term3)'],
        }),
      ],
      not: [
        on('nobody at a login screen', login),
        on('nobody where the session is lost already', one({}, { fate: 'orphan' })),
      ],
    },
    settled: {
      holds: [
        on('when it is gone', one(), { now: [] }),
        on('when only what was written of it is left', one(), { now: [one({}, { fate: 'dead' })] }),
        on('when another has its display', one(), { now: [one({ id: 'aaaaaa' })] }),
        on('when a login screen has its display', login, { now: [login] }),
        on('when nothing is left of one that had ended', deadOne, { now: [] }),
      ],
      not: [
        on('while it is there', one()),
        on('while something is left of one that had ended', deadOne),
        on('while it is orphaned', one(), { now: [one({}, { fate: 'orphan' })] }),
        on('when its server does not tell', one(), { now: [], server: { trouble } }),
        on('before its server has told', one(), { now: [], began: 10_001 }),
        { ...on('when its server is gone', one()), snapshot: snapshot([]) },
      ],
    },
    unseen: {
      holds: [
        on('what may keep it', one(), {
          is: 'its session has not ended: it may ask its user whether to save',
        }),
      ],
      not: 'never',
    },
  },
  focus: { available: isSeen },
  reconnect: {
    available: {
      holds: [on('on one that is kept', kept), on('on one that is kept, and no terminal shows it', unseen)],
      not: [
        ...isHeld.not,
        on('on one that lives on its terminal', one(), {
          is: 'it lives on its terminal: only one that is kept can be shown anew',
        }),
      ],
    },
    warns: {
      holds: [
        on('that another may sit there now', unseen, {
          is: ['it may be another who sits at term3 now, and not anna'],
        }),
      ],
      not: [on('of one at which its person sits', kept)],
    },
    settled: {
      holds: [on('when it is shown anew', unseen, { now: [shown] })],
      not: [
        on('while nobody sees it', unseen),
        on('while it is shown as before', kept),
        on('when it is gone', unseen, { now: [] }),
      ],
    },
  },
  resize: {
    available: isHeld,
    settled: {
      holds: [
        on('when it is the whole screen', small, { now: [one()], answers: { to: 'full' } }),
        on('when it has that size', one(), { now: [small], answers: { to: '1024x768' } }),
      ],
      not: [
        on('while it is not the whole screen', small, { answers: { to: 'full' } }),
        on('while it is the whole screen', one(), { answers: { to: '1280x1024' } }),
        on('while it has another size', small, { answers: { to: '1024x769' } }),
        on('when it is gone', one(), { now: [], answers: { to: 'full' } }),
      ],
    },
    undo: {
      holds: [
        on('to the whole screen', one(), {
          answers: { to: '800x600' },
          is: { verb: 'resize', answers: { to: 'full' } },
        }),
        on('to the size that it had', small, {
          answers: { to: 'full' },
          is: { verb: 'resize', answers: { to: '1024x768' } },
        }),
      ],
      not: [
        on('when it was so', small, { answers: { to: '1024x768' } }),
        on('when its size was not known', unknown, { answers: { to: 'full' } }),
      ],
    },
  },
}
