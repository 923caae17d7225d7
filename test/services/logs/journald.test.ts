import { describe, expect, it } from 'vitest'
import { isCursor } from '../../../src/services/logs/facts.ts'
import { parseEntry } from '../../../src/services/logs/journald.ts'

const cursor =
  's=f71e065197f54a2b92b1bb5b98207457;i=514;b=77a26622cd8b4ec8a4b547887ebd5d4d;m=8c58f8a6;t=66184974a157a;x=d300b986b199dd41'
/** `journalctl -o json` of systemd 252. */
const entry = {
  SYSLOG_PID: '77',
  _PID: '23941',
  MESSAGE: '(VI_1) Entering BACKUP STATE',
  _SOURCE_REALTIME_TIMESTAMP: '1796071961997607',
  __CURSOR: cursor,
  _HOSTNAME: 'vm',
  __REALTIME_TIMESTAMP: '1796071962056058',
  SYSLOG_IDENTIFIER: 'Keepalived_vrrp',
}
const read = (more: object) => parseEntry(JSON.stringify({ ...entry, ...more }))

describe('an entry of the journal', () => {
  it('is a line as syslog would have it, with the time at its source', () => {
    expect(read({})).toEqual({
      cursor,
      line: '2026-11-30T20:52:41.997607+0000 vm Keepalived_vrrp[77]: (VI_1) Entering BACKUP STATE',
    })
    expect(read({ SYSLOG_PID: undefined, _SOURCE_REALTIME_TIMESTAMP: undefined }).line).toMatch(
      /^2026-11-30T20:52:42\.056058\+0000 vm Keepalived_vrrp\[23941\]: /,
    )
    expect(read({ SYSLOG_PID: undefined, _PID: undefined }).line).toContain(' vm Keepalived_vrrp: (VI_1)')
  })

  it('is one line, whatever was said', () => {
    expect(read({ MESSAGE: 'one\ntwo\r\nthree' }).line).toMatch(/: one two three$/)
    expect(read({ MESSAGE: [...Buffer.from('caf'), 0xe9] }).line).toMatch(/: caf\ufffd$/)
    expect(read({ SYSLOG_IDENTIFIER: ['a', 'b'] }).line).toContain(' vm a[77]: ')
  })

  it('without a text, a name or a time that can be read is passed over, and it is read on behind it', () => {
    for (const more of [
      { MESSAGE: null },
      { MESSAGE: 'x'.repeat(9_000) },
      { SYSLOG_IDENTIFIER: undefined },
      { _SOURCE_REALTIME_TIMESTAMP: '-5' },
      { _SOURCE_REALTIME_TIMESTAMP: '9'.repeat(17) },
    ])
      expect(read(more)).toEqual({ cursor })
    for (const text of ['', '{', '[]', 'null', '{"__CURSOR":"s=1; rm -rf /"}', '{"__CURSOR":7}'])
      expect(parseEntry(text)).toEqual({})
  })
})

it('a cursor is what journald makes, and no words for a shell', () => {
  expect(isCursor(cursor)).toBe(true)
  for (const text of ['', 's=1 ', '--file=x', "s=1;'", `${'s=1;'.repeat(20)}`, 's=g'])
    expect(isCursor(text)).toBe(false)
})
