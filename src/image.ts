import './cli/configured.ts'
import './fleet/open-demo.ts'
import { run, version } from './run.ts'
import './screens/show.tsx'
import { prepare } from './start.ts'

const runCommandLine = prepare(version)

/** The program with all that most starts need loaded and made before, as it is kept in an image of the heap (scripts/image). */
export function main(): void {
  void run(process.argv.slice(1), async () => runCommandLine)
}
