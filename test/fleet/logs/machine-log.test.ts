import { describe, expect, it } from 'vitest'
import { eventsIn } from '../../../src/fleet/logs/sources.ts'
import { say } from '../../../src/hosts/label.ts'
import { fixedZone } from '../../../src/services/log-time.ts'
import { libvirt } from '../../support/fixture.ts'
import { host, machine, snapshot } from '../../support/records.ts'

const latest = Date.UTC(2026, 11, 1, 3)
const tick1 = machine({ name: 'tick1', uuid: 'u-tick1', host: 'a' })

function told(
  name: string,
  lines: readonly string[],
  known = { ...snapshot([tick1]), hosts: [host('a')] },
  now = latest,
) {
  const file = `/var/log/libvirt/qemu/${name}.log`
  return eventsIn({ host: 'a', file, lines, zone: fixedZone(3_600_000), latest: now }, known)
}
const short = (events: ReturnType<typeof told>) =>
  events === 'later'
    ? events
    : events.map(({ at, severity, type, about, name, text }) =>
        [new Date(at).toISOString().slice(11, 23), severity, type, about.id, name, text].join(' '),
      )
const recorded = libvirt('qemu-log-a-tick1.log').split('\n')

describe('the log of a machine', () => {
  it('is told in the words in which its states are seen, at the times of the log', () => {
    expect(short(told('tick1', recorded))).toEqual([
      '00:08:00.629 info machine.started u-tick1 tick1 running (booted)',
      '00:09:12.710 bad machine.crashed u-tick1 tick1 crashed',
      '00:09:13.840 info machine.started u-tick1 tick1 running (booted)',
      '00:09:15.180 info machine.stopped u-tick1 tick1 shut off (saved)',
      '00:09:15.688 info machine.started u-tick1 tick1 running (restored)',
      '00:09:18.020 warning machine.stopped u-tick1 tick1 shut off (shutdown), QEMU was ended by signal 15',
      '00:09:19.690 info machine.started u-tick1 tick1 running (booted)',
      '00:09:21.499 info machine.stopped u-tick1 tick1 shut off (destroyed)',
    ])
    expect(told('tick1', recorded)).toContainEqual(
      expect.objectContaining({
        source: 'libvirt',
        host: 'a',
        uncertainty: 0.5,
        raw: '2026-12-01 00:09:12.710+0000: shutting down, reason=crashed',
      }),
    )
  })

  it('tells of a start that failed, and from where a machine was moved', () => {
    expect(short(told('bad1', libvirt('qemu-log-a-bad1.log').split('\n')))).toEqual([
      '00:09:12.185 warning machine.changed a bad1 could not be started',
    ])
    expect(short(told('db1', libvirt('qemu-log-b-db1.log').split('\n')))).toEqual([
      '00:10:36.970 info machine.moved a db1 moved from a',
    ])
  })

  it('is of the machine of this host that is called so, or of the only one', () => {
    const of = (...machines: readonly { readonly host: string; readonly uuid: string }[]) => {
      const all = machines.map((one) => machine({ ...one, name: 'tick1' }))
      const events = told('tick1', recorded, { ...snapshot(all), hosts: [host('a')] })
      return events !== 'later' && [events[0]?.about, events[0]?.name]
    }
    const [here, there] = [
      { host: 'a', uuid: 'u1' },
      { host: 'b', uuid: 'u2' },
    ]
    expect(of(there, here)).toEqual([{ kind: 'machine', id: 'u1' }, 'tick1'])
    expect(of(there)).toEqual([{ kind: 'machine', id: 'u2' }, 'tick1'])
    // One that is gone, and one of which it is not known which it is.
    expect(of()).toEqual([{ kind: 'host', id: 'a' }, 'tick1'])
    expect(of(there, { host: 'c', uuid: 'u3' })).toEqual([{ kind: 'host', id: 'a' }, 'tick1'])
  })

  it('is read once it is known which machines there are, or that nobody can say', () => {
    const { machines: _, ...asked } = host('a')
    const known = { ...snapshot([]), hosts: [asked] }
    expect(told('tick1', recorded, known)).toBe('later')
    const trouble = { kind: 'refused', text: say`no`, at: 0 } as never
    expect(told('tick1', recorded, { ...known, hosts: [{ ...asked, trouble }] })).toHaveLength(8)
  })

  it('waits with a start of just now, which may fail yet', () => {
    const begun = recorded.slice(0, 38)
    const at = Date.UTC(2026, 11, 1, 0, 8, 0, 629)
    expect(told('tick1', begun, undefined, at + 1_500)).toBe('later')
    expect(told('tick1', begun, undefined, at + 2_500)).toHaveLength(1)
    // The clock was set back since.
    expect(told('tick1', begun, undefined, at - 3_600_000)).toHaveLength(1)
  })

  it('names a machine that is called by the host as a label', () => {
    const events = told('a\u001b[31m', recorded)
    expect(events !== 'later' && events[0]?.name).not.toContain('\u001b')
  })
})
