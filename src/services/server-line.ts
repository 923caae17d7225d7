import { type Stamp, stampOf } from './log-line.ts'

/** A line by which a server tells that it has begun, or was ended. */
export interface ServerLine {
  readonly stamp: Stamp
  readonly type: 'started' | 'stopped'
}

/**
 * Reads the lines of a server's log; undefined: a line tells of nothing that matters, or somebody else says it.
 *
 * @param speaker what stands behind the time, with what the server says as its only group
 * @param meanings by what it says
 */
export function serverLines(
  speaker: RegExp,
  meanings: Readonly<Record<string, ServerLine['type']>>,
): (line: string) => ServerLine | undefined {
  return (line) => {
    const stamp = stampOf(line)
    const [, text = ''] = (stamp && speaker.exec(line.slice(stamp.length))) ?? []
    const type = Object.hasOwn(meanings, text) ? meanings[text] : undefined
    return stamp && type && { stamp, type }
  }
}
