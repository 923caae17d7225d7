import { type ServerLine, serverLines } from '../server-line.ts'

/** What slapd 2.5.13 says whatever its loglevel is: fixtures/openldap-2.5.13/slapd.journal. One that cannot start says `slapd stopped.`, too, so that is no sign. */
const meanings: Readonly<Record<string, ServerLine['type']>> = {
  'slapd starting': 'started',
  'daemon: shutdown requested and initiated.': 'stopped',
}

/** Its lines that tell something; with `loglevel stats` each operation has some others. */
export const says = Object.keys(meanings)

/** What a line of the journal of systemd tells of slapd. */
export const parseLine = serverLines(/^ \S{1,255} slapd\[\d{1,10}\]: (.*)$/, meanings)
