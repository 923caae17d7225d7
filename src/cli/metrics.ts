import type { Command } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import type { GlobalOptions } from './global-options.ts'
import { print } from './output.ts'
import { withStorage } from './runs-out.ts'
import { complain, withFleet } from './with-fleet.ts'

/** What is known now, as OpenMetrics. The code for it is loaded only where it is asked for. */
export async function metricsOf(): Promise<(fleet: Fleet) => string> {
  const [{ metrics }, { metricsText }] = await Promise.all([
    import('../outside/metrics/table.ts'),
    import('../outside/metrics/text.ts'),
  ])
  return (fleet) =>
    metricsText(metrics, { snapshot: fleet.snapshot(), alerts: fleet.alerts(), now: fleet.now() })
}

/** `vdd metrics`: all that is measured, once. */
export function addMetricsVerb(program: Command, finish: (code: number) => void): void {
  program
    .command('metrics')
    .description('Prints what is known as OpenMetrics, once; "vdd watch --metrics" serves it.')
    .action(async () => {
      const text = await metricsOf()
      finish(
        await withFleet(program.opts() as GlobalOptions, 'requests', async (fleet) => {
          const snapshot = await withStorage(fleet)
          print(text(fleet))
          return complain(snapshot)
        }),
      )
    })
}
