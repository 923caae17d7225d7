import type { DisplayServerRecord } from '../../../src/fleet/display/record.ts'
import { type SessionRecord, sessionsOf } from '../../../src/fleet/session/record.ts'
import { say } from '../../../src/hosts/label.ts'
import { channels, displayServer, logins } from '../../support/displays.ts'
import { host, snapshot } from '../../support/records.ts'
import { loggedIn, seen } from '../../support/sight.ts'
import type { Case, Table } from './side.ts'

const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
type Seen = ReturnType<typeof seen>

/** A console that sees these channels. */
function seeing(all: readonly Seen[], server: Partial<DisplayServerRecord> = {}) {
  const shown = snapshot([], [host('d1', { roles: ['display'] })])
  return { ...shown, displays: [displayServer(channels(...all), server)] }
}

/** On the first of these; `now`: what is there now, default: these. */
function on(
  what: string,
  all: readonly Seen[],
  rest: Pick<Case, 'answers' | 'is' | 'began'> & {
    readonly now?: readonly Seen[]
    readonly server?: Partial<DisplayServerRecord>
  } = {},
): Case {
  const { now = all, server, ...more } = rest
  const [target] = sessionsOf(seeing(all)) as [SessionRecord]
  return { what, target, snapshot: seeing(now, server), ...more }
}

/** At a terminal without X; `now`: who is there now, default: the same. */
function atText(
  what: string,
  {
    now = true,
    server,
    ...more
  }: Pick<Case, 'is' | 'began'> & {
    readonly now?: boolean
    readonly server?: Partial<DisplayServerRecord>
  } = {},
): Case {
  const all = { logins: logins(loggedIn()) }
  const [target] = sessionsOf(seeing([], all)) as [SessionRecord]
  return { what, target, snapshot: seeing([], { ...(now ? all : { logins: [] }), ...server }), ...more }
}

const text = atText('on a text session')
const silentText = atText('on a text session where its server is silent', {
  server: { trouble },
  is: 'd1 cannot be asked: no answer',
})
const noDisplay = { ...text, is: 'it is a text session: it has no display' }

const one = seen()
const silent = on('where its server is silent', [one], {
  server: { trouble },
  is: 'd1 cannot be asked: no answer',
})
const opening = on('that is being opened', [seen({ state: 'opening' })], { is: 'it is opening' })
const closing = on('that was asked to end', [seen({ state: 'closing' })], { is: 'it is closing' })
const unseen = seen({ keep: true, terminal: { name: 'term3' } })

const lookedAt = seen({ looked: { by: 'carla', at: 9_000, controls: false } })
const already = 'carla looks at it already: one at a time'

const kept = seen({ keep: true })
const other = seen({ id: 'aaaaaa', display: 13, terminal: { name: 'term7', display: 'term7:0' } })
const toOther = { to: 'term7:0' }
const moved = seen({ keep: true, terminal: { name: 'term7', display: 'term7:0' } })

export const sessionSides: Table = {
  end: {
    available: {
      holds: [on('on one that is in use', [one]), opening, closing, text].map(freely),
      not: [silent, silentText],
    },
    riskWith: {
      holds: [on('of one that is ended at once', [one], { answers: { insist: 'yes' } })],
      not: [on('of one that is asked', [one], { answers: { insist: 'no' } })],
    },
    warns: {
      holds: [
        on('of what is lost', [one], {
          is: ['unsaved work is lost; nothing brings the session back'],
        }),
      ],
      not: 'never',
    },
    settled: {
      holds: [
        on('when it is gone', [one], { now: [] }),
        atText('when a text session is gone', { now: false }),
        on('when only what was written of it is left', [one], { now: [seen({}, { fate: 'dead' })] }),
      ],
      not: [
        on('while it is there', [one]),
        atText('while a text session is there'),
        on('when its server does not tell', [one], { now: [], server: { trouble } }),
        on('before its server has told', [one], { now: [], began: 10_001 }),
      ],
    },
    hits: {
      holds: [on('who works there', [one], { is: ['1 person is working on it: anna (term3)'] })],
      not: 'never',
    },
    unseen: {
      holds: [on('what may keep it', [one])],
      not: 'never',
    },
  },
  message: {
    available: {
      holds: [on('on one that is in use', [one]), text],
      not: [
        silent,
        silentText,
        opening,
        closing,
        on('that no terminal shows', [unseen], { is: 'no terminal shows it' }),
      ],
    },
  },
  view: {
    available: {
      holds: [on('on one that is in use', [one])],
      not: [
        silent,
        opening,
        closing,
        noDisplay,
        on('that no terminal shows', [unseen], { is: 'no terminal shows it' }),
        on('that somebody looks at', [lookedAt], { is: already }),
        on('that is the screen of a machine', [seen({ shows: 'screen' })], {
          is: "it is the machine's own screen, which its hypervisor shows: nobody there is asked",
        }),
      ],
    },
    hits: {
      holds: [on('who is asked', [one], { is: ['1 person is working on it: anna (term3)'] })],
      not: 'never',
    },
    warns: {
      holds: [
        on('that they are asked', [one], {
          is: ['anna is asked there to let you see it, and has 60 s to agree; else nothing is shown'],
        }),
        on('that they are asked for more', [one], {
          answers: { control: 'yes' },
          is: ['anna is asked there to let you type there, and has 60 s to agree; else nothing is shown'],
        }),
      ],
      not: 'never',
    },
    remark: { holds: [on('who ends it', [one])], not: 'never' },
  },
  lock: {
    available: {
      holds: [on('on one that is in use', [one]), on('that no terminal shows', [unseen])],
      not: [silent, opening, closing, noDisplay],
    },
    remark: {
      holds: [on('who unlocks it', [one], { is: 'anna unlocks it with their own password' })],
      not: 'never',
    },
  },
  move: {
    available: {
      holds: [
        on('to where its user has something open', [kept, other]),
        on('that no terminal shows', [unseen, other]),
      ],
      not: [
        silent,
        opening,
        noDisplay,
        on('that is not kept', [one, other], {
          is: 'it lives on its terminal: only one that is kept can be shown elsewhere',
        }),
        on('whose user sits nowhere else', [kept], {
          is: 'anna has nothing open at another terminal: there, the desk brings it over',
        }),
        on('beside one of somebody else', [kept, seen({ ...other.said }, { user: 'bruno', uid: 1004 })]),
        on('beside one whose display has no name of one', [
          kept,
          seen({ ...other.said, terminal: { name: 'term7', display: '--insist' } }),
        ]),
        on('beside one that is left', [kept, seen({ ...other.said }, { fate: 'orphan' })]),
      ],
    },
    warns: {
      holds: [
        on('of the terminal from which it goes', [kept, other], {
          is: ['it is taken from term3, where it is shown now'],
        }),
      ],
      not: [on('of one that no terminal shows', [unseen, other])],
    },
    settled: {
      holds: [
        on('when it is shown there', [kept, other], { now: [moved, other], answers: toOther }),
        on('when it is shown at that terminal', [kept, other], {
          now: [moved, other],
          answers: { to: 'term7' },
        }),
      ],
      not: [
        on('while it is where it was', [kept, other], { answers: toOther }),
        on('when it is gone', [kept, other], { now: [other], answers: toOther }),
      ],
    },
    undo: {
      holds: [
        on(
          'to where it was, where its user has something else',
          [kept, other, seen({ id: 'bbbbbb', display: 14 })],
          {
            answers: toOther,
            is: { verb: 'move', answers: { to: ':0' } },
          },
        ),
      ],
      not: [
        on('of one that no terminal showed', [unseen, other], { answers: toOther }),
        on('to where its user has nothing else', [kept, other], { answers: toOther }),
      ],
    },
  },
}

/** Whatever it says when it does not hold. */
function freely({ is: _, ...rest }: Case): Case {
  return rest
}
