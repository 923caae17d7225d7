import { type Argv, HostError, whyOf } from '../../hosts/host.ts'
import { type Label, label, labelLines, say } from '../../hosts/label.ts'
import { LocalHost } from '../../hosts/local.ts'

/** How the site's command came out. */
export interface Outcome {
  /** why it counts as failed; none: it ended well */
  readonly trouble?: Label
  /** milliseconds */
  readonly took: number
  /** what it said, a few lines */
  readonly said: readonly Label[]
}

/** Runs a command with a text on its standard input. Never rejects. */
export type RunCommand = (input: string, signal: AbortSignal) => Promise<Outcome>

/** Bytes that it may say, and lines that are kept of them. */
const most = { bytes: 65_536, lines: 5 } as const

/** What a command finds in its environment. The rest may be somebody's secret, and is none of its business. */
const given = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR)$/

function environment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => given.test(name)))
}

/**
 * The command of the configuration: argv as it is, no shell. It leads a process group of its own, all of which is ended where it takes too
 * long or says too much.
 *
 * @param limit milliseconds
 */
export function commandOf(run: readonly string[], limit: number): RunCommand {
  const argv = run as unknown as Argv
  return async (input, signal) => {
    const began = performance.now()
    const host = new LocalHost({ env: environment() })
    const outcome = (said: string, trouble?: Label): Outcome => ({
      took: performance.now() - began,
      said: labelLines(said.trim())
        .filter((line) => line)
        .slice(-most.lines),
      ...(trouble ? { trouble } : {}),
    })
    try {
      const options = { input, timeout: limit, limit: most.bytes, signal }
      const { code, stdout, stderr } = await host.run(argv, options)
      const said = `${stdout}\n${stderr}`
      if (code === 0) return outcome(said)
      const last = outcome(stderr).said.at(-1)
      const how = code === null ? say`was ended by a signal` : say`ended with status ${code}`
      return outcome(said, last ? say`${how}: ${last}` : how)
    } catch (error) {
      return outcome('', troubleOf(error, limit))
    }
  }
}

function troubleOf(error: unknown, limit: number): Label {
  if (!(error instanceof HostError)) return whyOf(error)
  if (error.kind === 'timeout') return say`did not end within ${limit / 1000} s, and was ended`
  if (error.kind === 'overflow') return say`said more than ${most.bytes / 1024} KiB, and was ended`
  if (error.kind === 'cancelled') return say`was ended together with vdd`
  return error.reason
}

/** What the command of the demo is called. */
export const madeUpProgram = '/usr/local/sbin/call-on-duty'

/** The command of the demo, which calls nobody. */
export const madeUpCommand: RunCommand = async () => ({
  took: 120,
  said: [label('made up: nobody was called')],
})
