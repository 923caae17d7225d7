import './cli/configured.ts'
import './cli/made-up.ts'
import { run } from './run.ts'
import './screens/show.tsx'
import * as start from './start.ts'

/** The program with all that most starts need loaded before, as it is kept in an image of the heap (scripts/image.mjs). */
export function main(): void {
  void run(process.argv.slice(1), async () => start)
}
