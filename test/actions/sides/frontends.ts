import { expect } from 'vitest'
import { say } from '../../../src/hosts/label.ts'
import {
  alone,
  caseOf,
  daemon,
  http,
  lb1,
  lb2,
  ldap,
  rs1,
  rs1Out,
  rs2,
  rs2Out,
  silent,
  table,
} from './balanced.ts'
import type { Table } from './side.ts'

// Drain, restore, weight.

const on = caseOf('frontend')

const serving = [lb1(), lb2()]
const kept = { maintenance: ['10.9.0.11'] }
/** rs1 is out by a file on both. */
const drained = [lb1(rs1Out, daemon('lb1', kept)), lb2(kept)]
const open = { [rs1.ldap]: { weight: 0, active: 2 }, [rs1.http]: { weight: 0, active: 1 } }
const draining = [lb1(open, daemon('lb1', kept)), lb2(kept)]
const lastOne = [lb1({ ...open, [rs1.ldap]: { weight: 0, active: 0 } }, daemon('lb1', kept)), lb2(kept)]
const load = { [rs1.ldap]: { active: 2 }, [rs1.http]: { active: 1 }, [rs2.ldap]: { active: 4 } }
const busy = [lb1(load), lb2()]
/** rs1 is out by its weight, and the next failed check puts it back. */
const byWeight = [lb1(rs1Out), lb2()]
const quiescentNo = daemon('lb1', {}, (text) => text.replace('quiescent=yes', 'quiescent=no'))
const onlyRs1 = [lb1(rs2Out), lb2()]
const nobody = [{ ...lb1(), lvs: table('lb1', {}, ['10.9.0.1']) }, lb2()]
/** Not all of an entry is known, so it cannot be written again with another weight. */
const inPart = (name: string) => ({ lvs: { ...table(name), partial: say`no thresholds` } })
const third = { '10.9.0.13:389': {}, '10.9.0.13:80': {} }

const whereNotKnown = (name: string) =>
  on('while it is not known who serves', name, [silent(lb1()), lb2()], {
    is: expect.stringContaining('lb1'),
  })

export const frontendSides: Table = {
  drain: {
    available: {
      holds: [
        on('of one that serves', 'rs1', serving),
        on('of one that is out by its weight alone', 'rs1', byWeight),
        on('by a file, also where not all is known of an entry', 'rs1', [{ ...lb1(), ...inPart('lb1') }]),
        on('of one that is out on one balancer alone', 'rs1', [lb1(rs1Out, daemon('lb1', kept)), lb2()]),
      ],
      not: [
        on('of one that is out', 'rs1', drained, { is: 'it is out already' }),
        on(
          'by its weight, where a file would cut on one balancer',
          'rs1',
          [lb1(rs1Out, quiescentNo), lb2()],
          {
            is: 'it is out already',
          },
        ),
        on('by weight, where not all is known of an entry', 'rs1', [{ ...alone(), ...inPart('lb1') }], {
          is: 'lb1: no thresholds',
        }),
        on('without ldirectord, of one with weight 0', 'rs1', [alone(rs1Out)], { is: 'it is out already' }),
        whereNotKnown('rs1'),
      ],
    },
    settled: {
      holds: [
        on('when it is out by a file on every balancer', 'rs1', serving, { now: drained }),
        on('with its connections, where nobody waits for them', 'rs1', serving, {
          now: draining,
          answers: { 'and-wait': 'no' },
        }),
        on('when its connections have ended', 'rs1', serving, {
          now: drained,
          answers: { 'and-wait': 'yes' },
        }),
        on('when it is out of the service that was meant', 'rs1', serving, {
          now: [
            lb1({ [rs1.ldap]: { weight: 0 } }, daemon('lb1', { maintenance: [rs1.ldap] })),
            lb2({ maintenance: [rs1.ldap] }),
          ],
          answers: { service: ldap },
        }),
        on('when its weight is 0, where that was wished', 'rs1', serving, {
          now: byWeight,
          answers: { how: 'weight' },
        }),
      ],
      not: [
        on('while it serves', 'rs1', serving),
        on('while its connections are open', 'rs1', serving, {
          now: draining,
          answers: { 'and-wait': 'yes' },
        }),
        on('while the one that stands by would put it in', 'rs1', serving, {
          now: [lb1(rs1Out, daemon('lb1', kept)), lb2()],
        }),
        on('with weight 0 that nothing keeps', 'rs1', serving, { now: byWeight }),
        on('while it has a weight in the table of the one that stands by', 'rs1', serving, {
          now: [lb1(rs1Out), { ...lb2(), lvs: table('lb2', {}, ['10.9.0.2']) }],
          answers: { how: 'weight' },
        }),
        on('while ldirectord has not looked for the file', 'rs1', serving, {
          now: [lb1({}, daemon('lb1', kept)), lb2(kept)],
        }),
        on('while it serves in one of its services', 'rs1', serving, {
          now: [lb1({ [rs1.ldap]: { weight: 0 } }, daemon('lb1', kept)), lb2(kept)],
        }),
        on('when no balancer knows it any more', 'rs1', [alone()], {
          now: [alone({ [rs1.ldap]: null, [rs1.http]: null })],
        }),
      ],
    },
    undo: {
      holds: [
        on('of one that served', 'rs1', serving, { is: { verb: 'restore', answers: { service: 'all' } } }),
        on('of one of its services', 'rs1', serving, {
          answers: { service: ldap },
          is: { verb: 'restore', answers: { service: ldap } },
        }),
        on('with its weight, where no configuration has that', 'rs1', [alone()], {
          is: { verb: 'restore', answers: { service: 'all', weight: '4' } },
        }),
      ],
      not: [
        on('of one that was out of a service', 'rs1', [lb1({ [rs1.http]: { weight: 0 } }), lb2()]),
        on('with several weights that no configuration has', 'rs1', [alone({ [rs1.http]: { weight: 1 } })]),
      ],
    },
    warns: {
      holds: [
        on('where one alone is left', 'rs1', serving, {
          is: [`only ${rs2.http} in ${http} is left then`, `only ${rs2.ldap} in ${ldap} is left then`],
        }),
        on('where one alone is left, whatever the first balancer has', 'rs1', [lb2(), lb1()], {
          answers: { service: ldap },
          is: [`only ${rs2.ldap} in ${ldap} is left then`],
        }),
        on('where one alone is left of all that go', 'rs1', [lb1(third), lb2()], {
          together: ['rs1', 'rs2'],
          answers: { service: ldap },
          is: [`only 10.9.0.13:389 in ${ldap} is left then`],
        }),
        on(
          'where nobody holds the address',
          'rs1',
          [{ ...lb1(third), lvs: nobody[0]?.lvs as never }, lb2()],
          {
            is: expect.arrayContaining([expect.stringContaining('10.9.0.100')]),
          },
        ),
      ],
      not: [
        on('where two are left', 'rs1', [lb1(third), lb2()]),
        on('where nobody is left: that is insisted on', 'rs1', onlyRs1),
      ],
    },
    hits: {
      holds: [
        on('what goes on', 'rs1', busy, { is: ['3 open connections go on to their end'] }),
        on('what goes on in the service that is meant', 'rs1', busy, {
          answers: { service: http },
          is: ['1 open connection goes on to its end'],
        }),
        on('what goes on of all together', 'rs1', busy, {
          together: ['rs1', 'rs2'],
          is: ['7 open connections go on to their end'],
        }),
        on('what hangs, where a file deletes it', 'rs1', [lb1(load, quiescentNo), lb2()], {
          answers: { how: 'maintenance' },
          is: ['3 open connections hang: they get no answer, and no end'],
        }),
        on('what goes on by weight, where a file would delete it', 'rs1', [lb1(load, quiescentNo), lb2()], {
          answers: { how: 'weight' },
          is: ['3 open connections go on to their end'],
        }),
      ],
      not: [on('nothing where nothing is open', 'rs1', serving)],
    },
    insists: {
      holds: [
        on('of the last that serves', 'rs1', onlyRs1, { is: 'nobody else takes new connections then' }),
        on('of the last that serves, on the second balancer', 'rs1', onlyRs1.toReversed()),
        on('of the last of a service', 'rs1', [lb1({ [rs2.http]: { weight: 0 } }), lb2()]),
        on('of all that go together', 'rs1', serving, { together: ['rs1', 'rs2'] }),
      ],
      not: [
        on('while another serves', 'rs1', serving),
        on('of a service that another serves', 'rs1', [lb1({ [rs2.http]: { weight: 0 } }), lb2()], {
          answers: { service: ldap },
        }),
        on('of two while a third serves', 'rs1', [lb1(third), lb2()], { together: ['rs1', 'rs2'] }),
        on('of one that does not serve', 'rs1', [lb1({ ...rs1Out, ...rs2Out }), lb2()]),
      ],
    },
    riskWith: {
      holds: [
        on('of the last that serves', 'rs1', onlyRs1),
        on('of all that go together', 'rs2', serving, { together: ['rs1', 'rs2'] }),
        on('by a file that would cut its connections', 'rs1', [lb1({}, quiescentNo), lb2()], {
          answers: { how: 'maintenance' },
        }),
      ],
      not: [
        on('while another serves', 'rs1', serving, { answers: { how: 'maintenance' }, is: 'disruptive' }),
        on('by weight, where a file would cut', 'rs1', [lb1({}, quiescentNo)], {
          answers: { how: 'weight' },
        }),
      ],
    },
    progress: {
      holds: [
        on('while it serves', 'rs1', serving, { is: 'waiting for weight 0' }),
        on('while its connections are open', 'rs1', serving, { now: draining, is: '3 connections left' }),
        on('of the service that is meant', 'rs1', serving, {
          now: draining,
          answers: { service: ldap },
          is: '2 connections left',
        }),
        on('of the one that is left', 'rs1', serving, { now: lastOne, is: '1 connection left' }),
      ],
      not: 'never',
    },
    remark: {
      holds: [
        on('where connections go on', 'rs1', serving, {
          now: draining,
          is: '3 connections go on to their end',
        }),
        on('where one connection goes on', 'rs1', serving, {
          now: lastOne,
          is: '1 connection goes on to its end',
        }),
        on('where a balancer has not been reached', 'rs1', serving, {
          now: [drained[0] as never, silent(lb2())],
          is: 'lb2 does not answer: a failover to it undoes this',
        }),
        on('where ldirectord will undo it', 'rs1', serving, {
          now: byWeight,
          answers: { how: 'weight' },
          is: 'a failed check, a reload or a restart of ldirectord undoes it',
        }),
      ],
      not: [
        on('where all is out', 'rs1', serving, { now: drained }),
        on('without a configuration that would undo it', 'rs1', [alone()], { now: [alone(rs1Out)] }),
      ],
    },
    unseen: {
      holds: [
        on('when only its connections are left', 'rs1', serving, {
          now: draining,
          is: 'out; 3 connections still open',
        }),
      ],
      not: [on('while it serves', 'rs1', serving)],
    },
  },
  restore: {
    available: {
      holds: [
        on('of one that is out by a file', 'rs1', drained),
        on('of one with weight 0 by hand', 'rs1', byWeight),
        on('of one that a file keeps out on the one that stands by', 'rs1', [lb1(), lb2(kept)]),
      ],
      not: [
        on('of one that serves', 'rs1', serving, { is: 'it is in service' }),
        on(
          'by weight, where not all is known of an entry',
          'rs1',
          [{ ...alone(), lvs: { ...table('lb1', rs1Out), partial: say`no thresholds` } }],
          { is: 'lb1: no thresholds' },
        ),
        on(
          'of one that failed',
          'rs1',
          [
            {
              ...lb1(rs1Out),
              lastDid: new Map(
                ['10.9.0.100:389 10.9.0.11:389', '10.9.0.100:80 10.9.0.11:80'].map((key) => [
                  key,
                  { at: 0, kind: 'quiescent' as const },
                ]),
              ),
            },
          ],
          { is: 'ldirectord brings it back as soon as its check succeeds' },
        ),
        whereNotKnown('rs1'),
      ],
    },
    settled: {
      holds: [
        on('when it serves, and no file keeps it out', 'rs1', drained, { now: serving }),
        on('in the service that was meant', 'rs1', drained, {
          now: [
            lb1({ [rs1.http]: { weight: 0 } }, daemon('lb1', { maintenance: [rs1.http] })),
            lb2({ maintenance: [rs1.http] }),
          ],
          answers: { service: ldap },
        }),
      ],
      not: [
        on('while it is out', 'rs1', drained),
        on('while it is out of one service', 'rs1', drained, {
          now: [lb1({ [rs1.http]: { weight: 0 } }), lb2()],
        }),
        on('while a file is left on the one that stands by', 'rs1', drained, { now: [lb1(), lb2(kept)] }),
        on('while the file is gone, and its weight is 0', 'rs1', drained, { now: byWeight }),
      ],
    },
    undo: {
      holds: [
        on('of one that was out', 'rs1', drained, {
          is: { verb: 'drain', answers: { service: 'all', 'and-wait': 'no' } },
        }),
        on('of a service that it was out of', 'rs1', [lb1({ [rs1.ldap]: { weight: 0 } }), lb2()], {
          answers: { service: ldap },
          is: { verb: 'drain', answers: { service: ldap, 'and-wait': 'no' } },
        }),
      ],
      not: [on('of one that served in part', 'rs1', [lb1({ [rs1.ldap]: { weight: 0 } }), lb2()])],
    },
    warns: {
      holds: [
        on('where nobody holds the address', 'rs1', nobody, {
          is: [expect.stringContaining('held by no balancer')],
        }),
      ],
      not: [on('where somebody does', 'rs1', drained)],
    },
  },
  weight: {
    available: {
      holds: [
        on('of one that serves', 'rs1', serving),
        on('of one that is out', 'rs1', drained),
        on('while not all is known of an entry that does not count', 'rs1', [
          lb1(),
          { ...lb2(), lvs: { ...table('lb2', {}, ['10.9.0.2']), partial: 'no thresholds' as never } },
        ]),
      ],
      not: [
        on(
          'while not all of an entry is known',
          'rs1',
          [{ ...lb1(), lvs: { ...table('lb1'), partial: 'no thresholds' as never } }],
          { is: 'lb1: no thresholds' },
        ),
        whereNotKnown('rs1'),
      ],
    },
    settled: {
      holds: [
        on('when it has it everywhere', 'rs1', serving, {
          now: [lb1({ [rs1.ldap]: { weight: 9 }, [rs1.http]: { weight: 9 } }), lb2()],
          answers: { weight: '9' },
        }),
        on('in the service that was meant', 'rs1', serving, {
          now: [lb1({ [rs1.ldap]: { weight: 9 } }), lb2()],
          answers: { weight: '9', service: ldap },
        }),
      ],
      not: [
        on('while it has another', 'rs1', serving, { answers: { weight: '9' } }),
        on('while it has another in one service', 'rs1', serving, {
          now: [lb1({ [rs1.ldap]: { weight: 9 } }), lb2()],
          answers: { weight: '9' },
        }),
        on('while the table of the one that stands by has another', 'rs1', serving, {
          now: [lb1({ [rs1.ldap]: { weight: 9 } }), { ...lb2(), lvs: table('lb2', {}, ['10.9.0.2']) }],
          answers: { weight: '9', service: ldap },
        }),
      ],
    },
    undo: {
      holds: [
        on('where it had one', 'rs1', serving, {
          is: { verb: 'weight', answers: { service: 'all', weight: '4' } },
        }),
        on('in the service that was meant', 'rs1', [lb1({ [rs1.ldap]: { weight: 7 } }), lb2()], {
          answers: { service: ldap },
          is: { verb: 'weight', answers: { service: ldap, weight: '7' } },
        }),
      ],
      not: [on('where it had several', 'rs1', [lb1({ [rs1.ldap]: { weight: 7 } }), lb2()])],
    },
    warns: {
      holds: [
        on('where ldirectord puts the configured one back', 'rs1', serving, {
          answers: { weight: '9' },
          is: [expect.stringContaining('puts the configured weight back')],
        }),
        on('where ldirectord of one balancer does', 'rs1', [lb1(), { ...alone(), host: 'lb2' }], {
          answers: { weight: '9' },
          is: expect.arrayContaining([expect.stringContaining('puts the configured weight back')]),
        }),
        on('where one alone is left', 'rs1', [alone()], {
          answers: { weight: '0', service: ldap },
          is: [`only ${rs2.ldap} in ${ldap} is left then`],
        }),
        on('where nobody holds the address', 'rs1', [{ ...alone(), lvs: table('lb1', {}, ['10.9.0.1']) }], {
          answers: { weight: '1' },
          is: [expect.stringContaining('held by no balancer')],
        }),
      ],
      not: [
        on('without ldirectord', 'rs1', [alone()], { answers: { weight: '9' } }),
        on('with weight 0, where two are left', 'rs1', [alone(third)], {
          answers: { weight: '0', service: ldap },
        }),
      ],
    },
    hits: {
      holds: [
        on('what goes on with 0', 'rs1', busy, {
          answers: { weight: '0' },
          is: ['3 open connections go on to their end'],
        }),
      ],
      not: [
        on('nobody with another', 'rs1', busy, { answers: { weight: '1' } }),
        on('nothing where nothing is open', 'rs1', serving, { answers: { weight: '0' } }),
      ],
    },
    insists: {
      holds: [
        on('on 0 for the last that serves', 'rs1', onlyRs1, {
          answers: { weight: '0' },
          is: 'nobody else takes new connections then',
        }),
        on('on 0 for all that go together', 'rs1', serving, {
          answers: { weight: '0' },
          together: ['rs1', 'rs2'],
        }),
      ],
      not: [
        on('on 1 for the last that serves', 'rs1', onlyRs1, { answers: { weight: '1' } }),
        on('on 0 while another serves', 'rs1', serving, { answers: { weight: '0' } }),
      ],
    },
    riskWith: {
      holds: [
        on('0 for the last that serves', 'rs1', onlyRs1, { answers: { weight: '0' } }),
        on('0 for all that go together', 'rs2', serving, {
          answers: { weight: '0' },
          together: ['rs1', 'rs2'],
        }),
      ],
      not: [
        on('1 for the last that serves', 'rs1', onlyRs1, { answers: { weight: '1' }, is: 'disruptive' }),
        on('0 while another serves', 'rs1', serving, { answers: { weight: '0' } }),
      ],
    },
    remark: {
      holds: [
        on('where a configuration has another', 'rs1', [lb1(), { ...alone(), host: 'lb2' }], {
          is: expect.stringContaining('puts the configured weight back'),
        }),
      ],
      not: [on('without ldirectord', 'rs1', [alone()])],
    },
  },
}
