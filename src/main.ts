import { run, version } from './run.ts'

await run(process.argv.slice(2), async () => (await import('./start.ts')).prepare(version))
