import { type Stamp, stampOf } from '../log-line.ts'

interface RadiusLine {
  readonly stamp: Stamp
  readonly type: 'started' | 'stopped'
}

/** What FreeRADIUS 3.2.1 says: fixtures/freeradius-3.2.1/radius.log. One that is killed, or dies, says nothing. */
const meanings: Readonly<Record<string, RadiusLine['type']>> = {
  'Ready to process requests': 'started',
  'Signalled to terminate': 'stopped',
}

/** Its lines that tell something; with `auth = yes` each login has another one. */
export const says = Object.keys(meanings)

/** Behind the time, in its own log ` : Info: TEXT`; as syslog has it ` fe1 radiusd[12]: TEXT`. */
const speaker = /^ (?:: Info|\S{1,255} (?:radiusd|freeradius)\[\d{1,10}\]): (.*)$/

/** What a line tells of FreeRADIUS; undefined: of nothing that matters, or somebody else says it. */
export function parseLine(line: string): RadiusLine | undefined {
  const stamp = stampOf(line)
  const [, text = ''] = (stamp && speaker.exec(line.slice(stamp.length))) ?? []
  const type = Object.hasOwn(meanings, text) ? meanings[text] : undefined
  return stamp && type && { stamp, type }
}
