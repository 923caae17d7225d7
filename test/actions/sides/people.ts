import { expect } from 'vitest'
import type { DisplayServerRecord } from '../../../src/fleet/display/record.ts'
import { say } from '../../../src/hosts/label.ts'
import type { Login } from '../../../src/services/display/facts.ts'
import { channels, displayServer, logins } from '../../support/displays.ts'
import { uuid } from '../../support/facts.ts'
import { machine, snapshot } from '../../support/records.ts'
import { loggedIn, seen } from '../../support/sight.ts'
import { lb1, lb2, rs1, world } from './balanced.ts'
import type { Case, Sides, Table } from './side.ts'

const anna = seen()
const bruno = seen(
  { id: 'bbbbbb', display: 13, terminal: { name: 'term7', display: ':0' } },
  { user: 'bruno', uid: 1004 },
)
const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const

function on(
  what: string,
  all: Parameters<typeof channels>,
  rest: Pick<Case, 'is' | 'together'> & { readonly server?: Partial<DisplayServerRecord> } = {},
): Case {
  const { server, ...more } = rest
  const target = machine({ name: 'web1' })
  const displays = [displayServer(channels(...all), server)]
  return { what, target, snapshot: { ...snapshot([target]), displays }, ...more }
}

/** It is a host of the configuration, too: rs1 of the balancers' worlds, or the display server. */
function at(what: string, { name }: { readonly name: string }, all: Parameters<typeof channels> = []): Case {
  const target = machine({ name })
  const balanced = world([lb1({ [rs1.ldap]: { active: 3 } }), lb2()])
  const displays = [displayServer(channels(...all))]
  const is =
    name === 'rs1'
      ? [expect.stringMatching(/^3 open connections /)]
      : [expect.stringContaining('anna (term3)')]
  return { what, target, snapshot: { ...balanced, machines: [target], displays }, is }
}

/** Anna's, on a machine to which the desk brought her. */
const text = (name = 'web1') => logins(loggedIn({ machine: { name, address: name } }))[0] as Login

const both = [machine({ name: 'web1' }), machine({ name: 'web2', uuid: uuid(2) })]
const person = (i: number) => seen({ id: `aaaaa${'abcdefgh'[i]}` }, { user: `p${i}`, uid: 2000 + i })

const told: Sides = {
  holds: [
    on('who works on it', [anna, bruno], { is: ['2 people are working on it: anna (term3), bruno (term7)'] }),
    on('who works on it by two channels, once', [anna, seen({ id: 'cccccc', terminal: { name: 'term9' } })], {
      is: ['1 person is working on it: anna (term3, term9)'],
    }),
    on('who is on it at a terminal without X', [bruno], {
      server: { logins: [text()] },
      is: ['2 people are working on it: bruno (term7), anna (10.0.0.31)'],
    }),
    on('who has a desktop and a text session there, once', [anna], {
      server: { logins: [text()] },
      is: ['1 person is working on it: anna (term3, 10.0.0.31)'],
    }),
    on(
      'who works on it by its address',
      [seen({ machine: { name: 'The web', address: 'web1.example.org' } })],
      {
        is: ['1 person is working on it: anna (term3)'],
      },
    ),
    on('who has a session there that is kept', [seen({ terminal: { name: 'term3' } })]),
    on(
      'each of them by name, however many they are',
      Array.from({ length: 7 }, (_, i) => person(i)),
      {
        is: [
          '7 people are working on it: p0 (term3), p1 (term3), p2 (term3), p3 (term3), p4 (term3), p5 (term3), p6 (term3)',
        ],
      },
    ),
    on(
      'who works on several, once',
      [anna, seen({ id: 'bbbbbb', machine: { name: 'web2', address: 'b' } })],
      {
        together: both,
        is: ['1 person is working on them: anna (term3)'],
      },
    ),
    at('what is open there, where it is a front end itself', { name: 'rs1' }),
    at('who sits there, where it is a display server itself', { name: 'd1' }, [anna]),
    {
      ...on('who is logged in there, where it is a display server itself', [], {
        is: ['1 person is working on it: anna (10.0.0.31)'],
      }),
      target: machine({ name: 'd1' }),
      snapshot: {
        ...snapshot([machine({ name: 'd1' })]),
        displays: [displayServer([], { logins: logins(loggedIn()) })],
      },
    },
    on('that it is not known', [], {
      server: { trouble },
      is: ['not known who works on it: d1 cannot be asked'],
    }),
    on('that it is not known yet', [], { server: { reading: undefined as never } }),
  ],
  not: [
    on('where nobody works', []),
    on('where they work on another', [seen({ machine: { name: 'web2', address: 'web10' } })]),
    on('where who is at a terminal without X is on another', [], { server: { logins: [text('web2')] } }),
    on('where an address begins with the same number', [
      seen({ machine: { name: 'x', address: '10.0.0.1' } }),
    ]),
    on('where who held the session has gone, and it too', [seen({}, { fate: 'orphan' })]),
    on('where the session has ended', [seen({}, { fate: 'dead' })]),
  ],
}

/** These hit whoever works on the machine. */
const felt = ['shutdown', 'reboot', 'reset', 'off', 'pause', 'migrate'] as const

/** The sides of actions on machines, and whom each of them hits. */
export function withPeople(sides: Table): Table {
  const added = felt.map((verb) => [verb, { ...sides[verb], hits: told }] as const)
  return { ...sides, ...Object.fromEntries(added) }
}
