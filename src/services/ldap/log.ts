import { type Stamp, stampOf } from '../log-line.ts'

interface SlapdLine {
  readonly stamp: Stamp
  readonly type: 'started' | 'stopped'
}

/** What slapd 2.5.13 says whatever its loglevel is: fixtures/openldap-2.5.13/slapd.journal. One that cannot start says `slapd stopped.`, too, so that is no sign. */
const meanings: Readonly<Record<string, SlapdLine['type']>> = {
  'slapd starting': 'started',
  'daemon: shutdown requested and initiated.': 'stopped',
}

/** Its lines that tell something; with `loglevel stats` each operation has some others. */
export const says = Object.keys(meanings)

/** What a line of the journal of systemd tells of slapd; undefined: of nothing that matters, or somebody else says it. */
export function parseLine(line: string): SlapdLine | undefined {
  const stamp = stampOf(line)
  const [, text = ''] = (stamp && /^ \S{1,255} slapd\[\d{1,10}\]: (.*)$/.exec(line.slice(stamp.length))) ?? []
  const type = Object.hasOwn(meanings, text) ? meanings[text] : undefined
  return stamp && type && { stamp, type }
}
