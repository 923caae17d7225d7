import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LogTimes } from '../../../src/services/log-line.ts'
import { fixedZone } from '../../../src/services/log-time.ts'
import { parseLog } from '../../../src/services/pacemaker/log.ts'

const fixtures = resolve(import.meta.dirname, '../../../fixtures/pacemaker-2.1.5')
const read = Date.UTC(2026, 10, 30)

/** `06:48:42.516 bad node ha1: …` of each line that tells of something. */
function told(lines: readonly string[]): string[] {
  const times = new LogTimes(fixedZone(0), read)
  return lines.flatMap((line) => {
    const event = parseLog(line, times)
    if (!event) return []
    const { at, severity, type, object, text } = event
    const name = object && 'name' in object ? `${object.kind} ${object.name}: ` : ''
    return [`${new Date(Math.floor(at)).toISOString().slice(11, 23)} ${severity} ${type} ${name}${text}`]
  })
}

const file = (name: string) => readFileSync(join(fixtures, name), 'utf8').split('\n')

describe('the log of Pacemaker', () => {
  it('tells of a failover as it went, to the millisecond', () => {
    expect(told(file('killed.pacemaker.log'))).toEqual([
      '06:48:42.516 bad node.lost node ha1: the others do not see it any more',
      '06:48:42.800 info resource.started resource vip: started on ha2',
      '06:48:43.192 info resource.started resource svc: started on ha2',
    ])
  })

  it('and that of corosync of what went before', () => {
    expect(told(file('killed.corosync.log'))).toEqual([
      '06:48:40.588 warning link.lost corosync: link 0 to node 1 is down',
      '06:48:41.300 warning node.silent corosync: a node is silent',
    ])
  })

  const line = (daemon: string, text: string) =>
    `Nov 22 06:48:42.516 ha2 ${daemon}  [98] (a_function@file.c:12) \tnotice: ${text}`

  it('takes a line of the far future for one of when it was read, and the next one as it is', () => {
    const times = new LogTimes(fixedZone(0), read)
    const lost = (time: string) =>
      `${time} ha2 pacemaker-controld  [98] (f) \tnotice: Node ha1 state is now lost`
    expect(parseLog(lost('9999-12-31 23:59:59'), times)).toMatchObject({ at: read, uncertainty: 86_400_000 })
    expect(parseLog(lost('2026-11-30 20:00:00.000'), times)).toMatchObject({
      at: read + 20 * 3_600_000 + 0.5,
    })
  })

  it('tells of what failed, and not of what was only asked', () => {
    expect(
      told([
        line(
          'pacemaker-controld',
          'Result of monitor operation for vip on ha1: not running | CIB update 9; call=19 key=vip_monitor_2000 rc=7',
        ),
        line('pacemaker-controld', 'Result of start operation for db on ha1: Timed Out | key=db_start_0'),
        line(
          'pacemaker-controld',
          'Result of monitor operation for vip on ha1: ok | key=vip_monitor_2000 rc=0',
        ),
        line(
          'pacemaker-controld',
          'Result of probe operation for vip on ha1: not running | key=vip_monitor_0 rc=7',
        ),
        line(
          'pacemaker-controld',
          'Result of monitor operation for vip on ha1: not running | key=vip_monitor_0 rc=7',
        ),
        line(
          'pacemaker-controld',
          'Result of monitor operation for vip on ha1: Cancelled | key=vip_monitor_2000',
        ),
        line('pacemaker-controld', 'Result of stop operation for vip on ha1: ok | key=vip_stop_0 rc=0'),
        line('pacemaker-controld', 'Node ha2 state is now member | nodeid=2 previous=lost'),
        // Each of its daemons says so.
        line('pacemaker-attrd', 'Node ha2 state is now member | nodeid=2 previous=lost'),
      ]),
    ).toEqual([
      '06:48:42.516 bad resource.failed resource vip: monitor on ha1 failed: not running',
      '06:48:42.516 bad resource.failed resource db: start on ha1 failed: Timed Out',
      '06:48:42.516 info resource.released resource vip: stopped on ha1',
      '06:48:42.516 info node.joined node ha2: the others see it',
    ])
  })

  it('tells of fencing, and of one that failed', () => {
    expect(
      told([
        line(
          'pacemaker-fenced',
          "Operation 'reboot' targeting ha1 by ha2 for pacemaker-controld.98@ha2: OK (complete) | id=1",
        ),
        line(
          'pacemaker-fenced',
          "Operation 'reboot' targeting ha1 by ha2 for pacemaker-controld.98@ha2: No such device (unable to fence) | id=1",
        ),
      ]),
    ).toEqual([
      '06:48:42.516 warning fenced node ha1: fenced (reboot) by ha2',
      '06:48:42.516 bad fenced node ha1: was not fenced (reboot) by ha2: No such device (unable to fence)',
    ])
  })

  it('of 1.1 is read, too', () => {
    expect(
      told([
        'Nov 22 06:48:42 [98] ha2       crmd:   notice: crm_update_peer_state_iter:\tNode ha1 state is now lost | nodeid=1',
        'Nov 22 06:48:43 [98] ha2       crmd:   notice: process_lrm_event:\tResult of start operation for vip on ha2: 0 (ok) | call=1 key=vip_start_0',
      ]),
    ).toEqual([
      '06:48:42.500 bad node.lost node ha1: the others do not see it any more',
      '06:48:43.500 info resource.started resource vip: started on ha2',
    ])
  })

  it('shows what is hostile, and takes nothing else for a line', () => {
    expect(
      told([line('pacemaker-controld', 'Result of start operation for a\u001b[2J on \u202eb: ok')]),
    ).toEqual(['06:48:42.516 info resource.started resource a\u001b[2J: started on \\u{202e}b'])
    expect(
      told([
        '',
        'x',
        'Nov 22',
        'Feb 30 06:48:42.516 ha2 pacemaker-controld [98] notice: Node a state is now lost',
        '\u0000'.repeat(9),
      ]),
    ).toEqual([])
  })
})
