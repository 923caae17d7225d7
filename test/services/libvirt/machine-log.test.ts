import { describe, expect, it } from 'vitest'
import { parseLog } from '../../../src/services/libvirt/log.ts'
import { libvirt } from '../../support/fixture.ts'

const read = (lines: readonly string[]) =>
  parseLog(lines).map(({ stamp, type, reason, signal }) =>
    [new Date(stamp.local).toISOString().slice(11, 23), type, reason, signal].filter(Boolean).join(' '),
  )
const recorded = (name: string) => libvirt(name).split('\n')

const start = '2026-12-01 00:08:00.000+0000: starting up libvirt version: 9.0.0'
const command = ['LC_ALL=C \\', '/usr/bin/qemu-system-x86_64 \\', '-name guest=x \\', '-msg timestamp=on']
const incoming = [...command.slice(0, 3), '-incoming defer \\', '-msg timestamp=on']
const end = (reason: string) => `2026-12-01 00:09:00.000+0000: shutting down, reason=${reason}`

describe('the log of a machine', () => {
  it('tells each start and each end, with why', () => {
    expect(read(recorded('qemu-log-a-tick1.log'))).toEqual([
      '00:08:00.629 started booted',
      '00:09:12.710 ended crashed',
      '00:09:13.840 started booted',
      '00:09:15.180 ended saved',
      '00:09:15.688 started restored',
      '00:09:18.020 ended shutdown signal 15',
      '00:09:19.690 started booted',
      '00:09:21.499 ended destroyed',
    ])
  })

  it('tells who ended QEMU, if that was not libvirt', () => {
    expect(read(recorded('qemu-killed.log')).slice(-3)).toEqual([
      '21:33:55.023 ended destroyed',
      '21:33:56.466 started booted',
      '21:34:02.339 ended shutdown signal 15 from pid 1 (sh)',
    ])
    expect(read(recorded('qemu-log-a-web1.log')).at(-1)).toBe(
      '00:12:09.555 ended shutdown signal 15 from pid 296 (<unknown process>)',
    )
    const own = '2026-12-01T00:09:00.000000Z qemu: terminating on signal 15 from pid 60 (/usr/sbin/virtqemud)'
    expect(read([start, ...command, own, end('shutdown')]).at(-1)).toMatch(/ ended shutdown$/)
    // The one of before is not the one of now.
    const foreign = '2026-12-01T00:09:00.000000Z qemu: terminating on signal 15'
    expect(read([foreign, end('shutdown'), start, ...command, end('shutdown')]).at(-1)).toMatch(/ shutdown$/)
  })

  it('of one that could not be started tells no start', () => {
    expect(read(recorded('qemu-log-a-bad1.log'))).toEqual(['00:09:12.185 failed failed'])
    expect(read([start, ...command, end('crashed'), end('failed')]).map((line) => line.slice(13))).toEqual([
      'started booted',
      'ended crashed',
      'failed failed',
    ])
  })

  it('tells of a move where it has left, and of what comes in nothing', () => {
    expect(read(recorded('qemu-log-a-db1.log'))).toEqual([
      '00:08:06.100 started booted',
      '00:09:11.541 left migrated',
    ])
    expect(read(recorded('qemu-log-b-db1.log'))).toEqual(['00:10:36.970 left migrated'])
    expect(read([start, ...incoming, end('failed')])).toEqual([])
    expect(read([start, ...incoming, end('shutdown')])).toEqual(['00:09:00.000 ended shutdown'])
  })

  it('is not told by what somebody else writes in it', () => {
    const said = '2026-12-01T00:09:00.000000Z qemu: warning: shutting down, reason=crashed'
    expect(read([said, `x ${start}`, 'shutting down, reason=crashed', start.slice(0, 28)])).toEqual([])
    // As of 2012: without a reason.
    expect(read(['2012-12-01 00:09:00.000+0000: shutting down'])).toEqual(['00:09:00.000 ended unknown'])
    // The arguments of one machine are not those of the next.
    expect(read([start, start, ...incoming])).toEqual(['00:08:00.000 started booted'])
  })
})
