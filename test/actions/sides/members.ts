import { expect } from 'vitest'
import { balancer } from '../../support/balancers.ts'
import { alone, caseOf, daemon, lb1, lb2, ldap, rs1, rs2, rs2Out, silent, table } from './balanced.ts'
import type { Sides, Table } from './side.ts'

// What puts real servers into services and takes them away, and the reload that goes with it.

const on = caseOf('frontend')
const onService = caseOf('service')
const onBalancer = caseOf('balancer')

const serving = [lb1(), lb2()]
const address = '10.9.0.13'
const with13 = (text: string) =>
  text.replace(/^(\treal=10\.9\.0\.12:(\d+).*\n)/gm, `$1\treal=${address}:$2 gate 4\n`)
const has13 = { '10.9.0.13:389': {}, '10.9.0.13:80': {} }
/** .13 is in every table and configuration. */
const joined = [lb1(has13, daemon('lb1', {}, with13)), lb2({}, with13)]
const checked = (at: number, kind: 'added') => new Map([['10.9.0.100:389 10.9.0.13:389', { at, kind }]])
const unanswered = { '10.9.0.13:389': { weight: 0 }, '10.9.0.13:80': { weight: 0 } }
const waiting = [lb1(unanswered, daemon('lb1', {}, with13)), lb2({}, with13)]
const fatal = daemon('lb1', {}, (text) => text.replace('scheduler=sed', 'scheduler=\n\tfrobnicate=1'))
const garbled = daemon('lb1')
const trusting = /readdquiescent=no/

type On = (
  what: string,
  balancers: Parameters<typeof on>[2],
  given?: NonNullable<Parameters<typeof on>[3]>,
) => ReturnType<typeof on>

/** What can be written. */
function isWritable(one: On): Sides {
  return {
    holds: [one('where all is known', serving), one('without ldirectord', [alone()])],
    not: [
      one('while it is not known who serves', [silent(lb1()), lb2()], { is: expect.stringContaining('lb1') }),
      one('where a line would be refused already', [lb1({}, fatal)], { is: expect.stringContaining('line') }),
      one(
        'where the file is no UTF-8',
        [
          lb1(
            {},
            { ...garbled, source: { ...garbled.source, text: `${garbled.source?.text}# \uFFFD` } as never },
          ),
        ],
        { is: expect.stringContaining('is not UTF-8') },
      ),
      one('while a change of it is not loaded', [lb1({}, daemon('lb1', { notLoaded: true }))], {
        is: expect.stringContaining('is not loaded'),
      }),
    ],
  }
}

/** What a newcomer is said to be. */
function newcomer(
  one: On,
  answers: Readonly<Record<string, string>>,
): Record<'settled' | 'warns' | 'remark' | 'unseen', Sides> {
  const only = { answers }
  return {
    settled: {
      holds: [
        one('when it serves, and all configurations have it', serving, { now: joined, ...only }),
        one('when its first check is over', serving, {
          now: [{ ...joined[0], lastDid: checked(-2000, 'added') } as never, lb2({}, with13)],
          ...only,
        }),
        one('without ldirectord, when the table has it', [alone()], { now: [alone(has13)], ...only }),
      ],
      not: [
        one('while it is not there', serving, only),
        one('while its check is not answered', serving, { now: waiting, ...only }),
        one('before its first check is over', serving, {
          now: [{ ...joined[0], lastDid: checked(-1999, 'added') } as never, lb2({}, with13)],
          ...only,
        }),
        one('while the one that stands by does not know it', serving, {
          now: [joined[0] as never, lb2()],
          ...only,
        }),
      ],
    },
    warns: {
      holds: [
        one('that it is trusted before its first check', serving, {
          ...only,
          is: [expect.stringMatching(trusting)],
        }),
        one('what the reload brings with it', [lb1({ [rs2.ldap]: { weight: 9 } }), lb2()], {
          ...only,
          is: expect.arrayContaining([expect.stringContaining('has weight 9')]),
        }),
      ],
      not: [
        one('without ldirectord', [alone()], only),
        one(
          'where ldirectord trusts nobody',
          [
            lb1(
              {},
              daemon('lb1', {}, (text) => `readdquiescent=yes\n${text}`),
            ),
          ],
          only,
        ),
      ],
    },
    remark: {
      holds: [
        one('that vdd does not know it', serving, {
          now: joined,
          ...only,
          is: '10.9.0.13 is not in the configuration of vdd',
        }),
        one('that a balancer was not reached', serving, {
          now: [lb1(), silent(lb2())],
          ...only,
          is: 'lb2 does not answer: a failover to it undoes this',
        }),
      ],
      not: [one('before it is there', serving, only)],
    },
    unseen: {
      holds: [one('when its check is not answered', serving, { now: waiting, ...only })],
      not: [
        one('when it is not in the table', serving, only),
        one('when it serves', serving, { now: joined, ...only }),
      ],
    },
  }
}

const cloneOn: On = (what, balancers, given = {}) => on(what, 'rs1', balancers, given)
const addOn: On = (what, balancers, given = {}) => onService(what, ldap, balancers, given)
const removeOn: On = (what, balancers, given = {}) => on(what, 'rs2', balancers, given)
const reloadOn: On = (what, balancers, given = {}) => onBalancer(what, 'lb1', balancers, given)
const added = { address, forward: 'gate', weight: '4' }

const no12 = (text: string) => text.replace(/^\treal=10\.9\.0\.12:.*\n/gm, '')
const none12 = { [rs2.ldap]: null, [rs2.http]: null }
const removed = [lb1(none12, daemon('lb1', {}, no12)), lb2({}, no12)]
const loaded = { [rs2.ldap]: { active: 3 } }

export const memberSides: Table = {
  clone: {
    available: isWritable(cloneOn),
    ...newcomer(cloneOn, { address }),
    undo: {
      holds: [
        cloneOn('of a new one', serving, {
          answers: { address },
          is: { verb: 'remove', answers: { service: 'all' }, targets: [address] },
        }),
        cloneOn('of a new one in one service', serving, {
          answers: { address, service: ldap },
          is: { verb: 'remove', answers: { service: ldap }, targets: [address] },
        }),
        cloneOn('in the one service that it was not in', [alone({ [rs2.ldap]: null })], {
          answers: { address: '10.9.0.12', service: ldap },
          is: { verb: 'remove', answers: { service: ldap }, targets: ['10.9.0.12'] },
        }),
      ],
      not: [
        cloneOn('where it was there', serving, { answers: { address: '10.9.0.12' } }),
        cloneOn('where it was there in part', [alone({ [rs2.http]: null })], {
          answers: { address: '10.9.0.12' },
        }),
        cloneOn('where nothing is added', serving, { answers: { address: 'nonsense' } }),
      ],
    },
  },
  add: {
    available: isWritable(addOn),
    ...newcomer(addOn, added),
    undo: {
      holds: [
        addOn('of a new one', serving, {
          answers: added,
          is: { verb: 'remove', answers: { service: ldap }, targets: [address] },
        }),
      ],
      not: [
        addOn('where its address has another port in the service', serving, {
          answers: { ...added, address: '10.9.0.12:390' },
        }),
      ],
    },
  },
  remove: {
    available: isWritable(removeOn),
    settled: {
      holds: [
        removeOn('when nothing is left of it', serving, { now: removed }),
        removeOn('when nothing is left of it in the service that was meant', serving, {
          now: [
            lb1(
              { [rs2.ldap]: null },
              daemon('lb1', {}, (text) => text.replace(/^\treal=10\.9\.0\.12:389.*\n/m, '')),
            ),
            lb2({}, no12),
          ],
          answers: { service: ldap },
        }),
        removeOn('whatever one has that does not answer', serving, {
          now: [removed[0] as never, silent(lb2())],
        }),
      ],
      not: [
        removeOn('while it is there', serving),
        removeOn('while it is in the table', serving, {
          now: [lb1({}, daemon('lb1', {}, no12)), lb2({}, no12)],
        }),
        removeOn('while the one that stands by has it', serving, { now: [removed[0] as never, lb2()] }),
      ],
    },
    undo: {
      holds: [
        removeOn('of a plain line', serving, {
          is: {
            verb: 'add',
            answers: { address: '10.9.0.12', forward: 'gate', weight: '2' },
            targets: expect.arrayContaining([ldap]),
          },
        }),
      ],
      not: [
        removeOn('of a line with checks of its own', [
          lb1(
            {},
            daemon('lb1', {}, (text) => text.replace('12:389 gate 2', '12:389 gate 2 "uid=a", "ok"')),
          ),
        ]),
        removeOn('of one that has a port of its own in a service', [
          lb1(
            {},
            daemon('lb1', {}, (text) =>
              text.replace(/^\treal=10\.9\.0\.12:389 .*\n/m, '$&\treal=10.9.0.12:1389 gate 2\n'),
            ),
          ),
        ]),
        removeOn('of two weights', [alone({ [rs2.http]: { weight: 7 } })]),
        removeOn('of two ways of forwarding', [alone({ [rs2.http]: { forward: 'Masq' } })]),
      ],
    },
    warns: {
      holds: [
        removeOn('of what to do before it cuts connections', [alone(loaded)], {
          is: ['drain it first, and wait until its 3 open connections have ended'],
        }),
        removeOn('what the reload brings with it', [lb1({ [rs1.ldap]: { weight: 9 } })], {
          is: [expect.stringContaining('has weight 9')],
        }),
      ],
      not: [
        removeOn('without connections', serving),
        removeOn('of its own weight, which goes', [lb1({ [rs2.ldap]: { weight: 9 } })]),
      ],
    },
    hits: {
      holds: [
        removeOn('what it cuts', [lb1(loaded)], { is: ['3 open connections are cut'] }),
        removeOn('what it cuts of all that go together', [lb1({ ...loaded, [rs1.http]: { active: 2 } })], {
          together: ['rs1', 'rs2'],
          is: ['5 open connections are cut'],
        }),
        removeOn('the one that it cuts in the service that is meant', [lb1({ [rs2.ldap]: { active: 1 } })], {
          answers: { service: 'TCP 10.9.0.100:389' },
          is: ['1 open connection is cut'],
        }),
      ],
      not: [
        removeOn('nothing where nothing is open', serving),
        removeOn('nothing of the service that is not meant', [lb1(loaded)], {
          answers: { service: 'TCP 10.9.0.100:80' },
        }),
      ],
    },
    insists: {
      holds: [
        removeOn('of the last that serves', [lb1({ [rs1.ldap]: { weight: 0 } })], {
          is: 'nobody else takes new connections then',
        }),
        removeOn('of one with connections', [lb1(loaded)], { is: expect.stringContaining('drain it first') }),
        removeOn('of all that go together', serving, { together: ['rs1', 'rs2'] }),
      ],
      not: [
        removeOn('of one without connections while another serves', serving),
        removeOn('of a service without connections', [lb1(loaded)], {
          answers: { service: 'TCP 10.9.0.100:80' },
        }),
        removeOn('of one that is out', [lb1(rs2Out)]),
      ],
    },
    remark: {
      holds: [
        removeOn('that vdd names it still', serving, { is: 'the configuration of vdd still names it' }),
        removeOn('that its maintenance file stays', serving, {
          now: [lb1({}, daemon('lb1', { maintenance: ['rs2'] })), lb2()],
          answers: { service: ldap },
          is: 'its maintenance file stays: rs2',
        }),
      ],
      not: [removeOn('of one of its services', serving, { answers: { service: ldap } })],
    },
  },
  reload: {
    available: {
      holds: [reloadOn('where ldirectord runs', serving)],
      not: [
        onBalancer('where it does not run', 'lb2', serving, { is: 'ldirectord does not run there' }),
        reloadOn('where it would refuse a line', [lb1({}, fatal)], {
          is: expect.stringContaining('it would refuse line'),
        }),
        reloadOn('before it has been asked', [{ host: 'lb1', lvs: table('lb1'), lastDid: new Map() }], {
          is: 'ldirectord on lb1 has not been asked yet',
        }),
        reloadOn(
          'while it cannot be read',
          [
            balancer('lb1', {
              ldirectordTrouble: { kind: 'timeout', reason: 'late', advice: '', since: 0 } as never,
            }),
          ],
          { is: 'late' },
        ),
      ],
    },
    settled: {
      holds: [
        reloadOn(
          'when its log says so, at the moment it was begun',
          [lb1({}, daemon('lb1', { loadedAt: 500 }))],
          {
            began: 500,
          },
        ),
        reloadOn('when its log says so', [lb1({}, daemon('lb1', { loadedAt: 501 }))], { began: 500 }),
        reloadOn(
          'when it was read again, where its log is no file',
          [
            lb1(
              {},
              daemon('lb1', { at: 501 }, (text) =>
                text.replace('logfile="/var/log/ldirectord.log"', 'logfile="local0"'),
              ),
            ),
          ],
          { began: 500 },
        ),
      ],
      not: [
        reloadOn('while its log says nothing', serving, { began: 500 }),
        reloadOn('when it was loaded before', [lb1({}, daemon('lb1', { loadedAt: 499 }))], { began: 500 }),
        reloadOn('while it is not loaded', [lb1({}, daemon('lb1', { loadedAt: 501, notLoaded: true }))], {
          began: 500,
        }),
        reloadOn('when it does not run any more', [{ ...lb2({ loadedAt: 501 }), host: 'lb1' }], {
          began: 500,
        }),
      ],
    },
    warns: {
      holds: [
        reloadOn('of weights set by hand', [lb1({ [rs1.ldap]: { weight: 9 } })], {
          is: ['10.9.0.11:389 has weight 9: the reload restores the configured one'],
        }),
        reloadOn('of what is in maintenance', [lb1({}, daemon('lb1', { maintenance: ['10.9.0.12'] }))], {
          is: [expect.stringMatching(trusting)],
        }),
      ],
      not: [
        reloadOn('of nothing', serving),
        reloadOn('of what is in maintenance and stays out', [
          lb1(
            {},
            daemon('lb1', { maintenance: ['10.9.0.12'] }, (text) => `readdquiescent=yes\n${text}`),
          ),
        ]),
      ],
    },
    remark: {
      holds: [
        reloadOn('where its log is no file', [
          lb1(
            {},
            daemon('lb1', {}, (text) =>
              text.replace('logfile="/var/log/ldirectord.log"', 'logfile="local0"'),
            ),
          ),
        ]),
      ],
      not: [reloadOn('where it is', serving)],
    },
  },
}
