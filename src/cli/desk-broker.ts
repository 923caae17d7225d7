import type { Command } from 'commander'
import type { GlobalOptions } from './global-options.ts'

/** `vdd desk-broker`: for the desk of a person at a terminal, which starts it by sudo. No operator has a use for it. */
export function addDeskBrokerVerb(program: Command, finish: (code: number) => void): void {
  program
    .command('desk-broker', { hidden: true })
    .description('Answers the desk of a person at a terminal, which starts it by sudo (docs/desk-broker.md).')
    .action(async () => {
      const { serveDesk } = await import('./serve-desk.ts')
      finish(await serveDesk(program.opts() as GlobalOptions))
    })
}
