import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installed } from '../broker/command.ts'

/** The launcher of this very program: beside what it was loaded from, an image of the heap (`node --snapshot-blob`) or the bundle. */
export function ownProgram({ execArgv, argv }: Pick<NodeJS.Process, 'execArgv' | 'argv'> = process): string {
  const at = execArgv.indexOf('--snapshot-blob')
  const loaded = at < 0 ? argv[1] : execArgv[at + 1]
  const launcher = loaded === undefined ? installed : join(dirname(loaded), '..', 'bin', 'vdd')
  return existsSync(launcher) ? launcher : installed
}
