import { type Host, HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'

/** Milliseconds: a program of some size is started there. */
const timeout = 15_000
/** Bytes: ten times what many channels take. What is more would have to be read at once. */
const limit = 2 * 2 ** 20

/** How the vdd of a display server is called. */
export interface Place {
  readonly host: Host
  /** its path, or its name */
  readonly vdd: string
}

/**
 * What a display server tells of its X displays, as `sight.ts` describes it.
 *
 * @param mark of what it told of its terminals and is not to tell again; none where it was not asked before: one of before there were marks does not know them
 * @throws {HostError} it was not reached, has no vdd, or has one that does not tell
 */
export async function readSight({ host, vdd }: Place, mark?: string, signal?: AbortSignal): Promise<string> {
  const known = mark === undefined ? [] : ['--known', mark]
  const output = await host
    .run([vdd, 'channel', 'facts', ...known], { timeout, limit, ...(signal ? { signal } : {}) })
    .catch((error: unknown) => {
      throw error instanceof HostError && /: command not found$/.test(error.reason)
        ? new HostError('exec', host.name, say`${label(vdd)} is not there`, toInstall)
        : error
    })
  if (output.code === 0) return output.stdout
  const why = lastLine(output.stderr)
  throw new HostError(
    'refused',
    host.name,
    say`${label(vdd)} channel facts: ${why}`,
    adviceFor(output.stderr),
  )
}

const toInstall = say`install vdd there, or say in the configuration where it is ("vdd:" of the host)`

/** What a program says last tells why. */
export function lastLine(stderr: string): Label {
  return label(stderr.trim().split('\n').at(-1)?.trim() || 'no reason was given')
}

/** One of before there were channels. */
function adviceFor(stderr: string): Label {
  return /unknown command|no such verb/i.test(stderr) ? say`install the vdd there that runs here` : say``
}
