import { execa } from 'execa'

/** Milliseconds. */
const usualPatience = 5000

/**
 * What a program of the system prints; undefined: it is not there, fails, or takes too long. It runs in `/`: sudo leaves this program in the folder of whoever
 * asked, which may be closed to whom it runs as, and then no program would start there.
 */
export async function printed(
  argv: readonly [file: string, ...args: string[]],
  {
    patience = usualPatience,
    env = {},
    anyway = false,
  }: {
    readonly patience?: number
    readonly env?: Readonly<Record<string, string>>
    /** also what it printed before it failed */
    readonly anyway?: boolean
  } = {},
): Promise<string | undefined> {
  const [file, ...args] = argv
  const { stdout, failed } = await execa(file, args, { reject: false, timeout: patience, cwd: '/', env })
  return failed && !anyway ? undefined : stdout
}
