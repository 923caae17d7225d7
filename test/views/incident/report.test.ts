import { expect, it } from 'vitest'
import { drillBegun, titleOf } from '../../../src/fleet/incident/words.ts'
import { label } from '../../../src/hosts/label.ts'
import { lineText } from '../../../src/text/page.ts'
import { incidentLines } from '../../../src/views/incident/page.ts'
import { rawLinesOf, reportOf } from '../../../src/views/incident/report.ts'
import { entry, incidentsOf, morning } from '../../fleet/incident/support.ts'

const directory = { host: 'fe2', about: { kind: 'directory', id: 'fe2' } } as const
const out = {
  host: 'lb1',
  text: '10.0.0.12:389 out of 10.0.0.100:389 (ldirectord)',
  source: 'ldirectord',
} as const

const [incident] = incidentsOf(
  entry(1, 'directory.failed', { ...directory, text: 'LDAP: <b>no|answer</b> [x](y)' }),
  {
    ...entry(3.8, 'frontend.out', { ...out, severity: 'warning' }),
    raw: label('[Sun] Quiescent real server'),
  },
  {
    ...entry(3.9, 'frontend.out', { ...out, host: '../lb2', severity: 'warning' }),
    raw: label('[Sun] the other'),
  },
)

it('a report has the steps and the events, and nothing of a host is Markdown in it', () => {
  const report = incident ? reportOf(incident, morning + 61_000) : ''
  expect(report).toMatch(/^# Incident \d+: fe2: LDAP failed\n/)
  expect(report).toContain('- lasted: 1 min until now\n')
  expect(report).toContain('2.8 s after  10.0.0.12:389 out of 10.0.0.100:389 (ldirectord)')
  expect(report).toContain(String.raw`LDAP: \<b\>no\|answer\</b\> \[x\](y)`)
  expect(report).toContain('- still: fe2: LDAP: ')
})

it('says where it is not certain what came first, on the page and in a report', () => {
  const [one] = incidentsOf(
    { ...entry(1, 'directory.failed', directory), uncertainty: 500 },
    { ...entry(1.4, 'frontend.out', { ...out, severity: 'warning' }), uncertainty: 500 },
    { ...entry(9, 'directory.back', directory), uncertainty: 500 },
  )
  const page = one ? incidentLines(one, { now: 0 }, 80).map(lineText) : []
  expect(page).toContainEqual(expect.stringMatching(/^Order +~ below: it is not certain what came first$/))
  const times = page.flatMap((line) => /^(\d\d:\d\d:\d\d\.\d~?) /.exec(line)?.[1] ?? [])
  expect(times.map((time) => time.endsWith('~'))).toEqual([true, true, false])
  expect(one && reportOf(one, morning).match(/\(order not certain\)/g)).toHaveLength(2)
  const sure = incident ? incidentLines(incident, { now: 0 }, 80).map(lineText).join('\n') : ''
  expect(sure).not.toMatch(/Order|~ /)
})

it('says of each that still fails where it is, and the same once', () => {
  const host = { host: 'fe2', text: 'no route to host' } as const
  const [one] = incidentsOf(
    entry(1, 'host.lost', host),
    entry(2, 'directory.failed', { ...directory, text: host.text }),
  )
  const page = one ? incidentLines(one, { now: 0 }, 80).map(lineText) : []
  expect(page.filter((line) => line.startsWith('Still'))).toEqual(['Still       fe2: no route to host'])
})

it('says first that it was a drill, and whose', () => {
  const begun = { ...entry(0, 'action.begun', { host: 'fe2', who: 'ada', text: drillBegun }) }
  const [drilled] = incidentsOf(begun, entry(1, 'directory.failed', directory))
  expect(drilled && titleOf(drilled)).toBe('fe2: LDAP failed (a drill of ada)')
  const other = { ...entry(0, 'action.begun', { host: 'fe2', who: 'ada', text: 'drain: begun' }) }
  const [own] = incidentsOf(other, entry(1, 'directory.failed', directory))
  expect(own && titleOf(own)).toBe('fe2: LDAP failed')
})

it('nothing in it is a link, nor a character that is written as a number', () => {
  const text = label('see http://a.example, www.b.example &#x202e; &lt;')
  const [one] = incidentsOf(entry(1, 'directory.failed', { ...directory, text }))
  expect(one && reportOf(one, morning + 61_000)).toContain(
    String.raw`see http\://a.example, www\.b.example \&\#x202e; \&lt;`,
  )
})

it('hosts that look alike in the name of a file have one each', () => {
  const of = (host: string, id: number) => ({
    ...entry(id, 'frontend.out', { ...out, host, severity: 'warning' }),
    raw: label(host),
  })
  const [one] = incidentsOf(entry(1, 'directory.failed', directory), of('lb.1', 3.8), of('lb_1', 3.9))
  expect(one && rawLinesOf(one)).toEqual([
    { name: 'raw/lb_1-ldirectord.log', text: 'lb.1\n' },
    { name: 'raw/lb_1-ldirectord-2.log', text: 'lb_1\n' },
  ])
})

it('the raw lines are in files by their host and source, whatever a host is called', () => {
  expect(incident && rawLinesOf(incident)).toEqual([
    { name: 'raw/lb1-ldirectord.log', text: '[Sun] Quiescent real server\n' },
    { name: 'raw/___lb2-ldirectord.log', text: '[Sun] the other\n' },
  ])
})
