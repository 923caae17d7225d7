import { type ServerLine, serverLines } from '../server-line.ts'

/** What FreeRADIUS 3.2.1 says: fixtures/freeradius-3.2.1/radius.log. One that is killed, or dies, says nothing. */
const meanings: Readonly<Record<string, ServerLine['type']>> = {
  'Ready to process requests': 'started',
  'Signalled to terminate': 'stopped',
}

/** Its lines that tell something; with `auth = yes` each login has another one. */
export const says = Object.keys(meanings)

/** What a line tells of FreeRADIUS. Behind the time stands in its own log ` : Info: TEXT`; as syslog has it ` fe1 radiusd[12]: TEXT`. */
export const parseLine = serverLines(
  /^ (?:: Info|\S{1,255} (?:radiusd|freeradius)\[\d{1,10}\]): (.*)$/,
  meanings,
)
