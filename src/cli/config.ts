import type { Command } from 'commander'
import { example } from '../config/example.ts'
import type { Config } from '../config/schema.ts'
import { label } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { json, print } from './output.ts'

/** What is wrong with what is wished of the lists: which columns they have stands before anybody is asked. */
async function viewFaults(views: Config['views']): Promise<readonly string[]> {
  if (!Object.keys(views).length) return []
  const [{ wishedColumns }, { FleetStore }, { History }] = await Promise.all([
    import('../console/wished.ts'),
    import('../fleet/store.ts'),
    import('../fleet/history/history.ts'),
  ])
  const world = { now: 0, history: new History(0), entries: [], definitions: new Map() }
  return wishedColumns(views, { ...world, snapshot: new FleetStore([], 0).snapshot() }).wrong
}

/** `vdd config check|path|example`. */
export function addConfigVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('config').description('The configuration file.')
  noun
    .command('check')
    .description('Reads the configuration and says what is wrong with it, or that nothing is.')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { fileFaults } = await import('../config/files.ts')
      const { requireConfiguration } = await import('./configured.ts')
      const { file, config } = requireConfiguration(globals())
      const faults = [...fileFaults(config), ...(await viewFaults(config.views))]
      if (faults.length) throw new Failure(exit.config, faults.map(label), { faults })
      if (options.json) print(json({ file, config }))
      else
        print(
          `${file}: good; cluster ${config.cluster}, ${config.hosts.length} ${config.hosts.length === 1 ? 'host' : 'hosts'}: ${config.hosts.map((h) => h.name).join(', ')}`,
        )
      finish(exit.ok)
    })
  noun
    .command('path')
    .description('Names the file that is used, or where one is looked for.')
    .action(async () => {
      const { searchPath } = await import('../config/load.ts')
      const { configuration } = await import('./configured.ts')
      const found = configuration(globals())
      print(found ? found.file : `none; looked for ${searchPath().join(', ')}`)
      finish(found ? exit.ok : exit.config)
    })
  noun
    .command('example')
    .description('Prints a commented configuration to start from.')
    .action(() => {
      print(example)
      finish(exit.ok)
    })
}
