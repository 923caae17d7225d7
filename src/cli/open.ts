import type { WorldOptions } from '../demo/world.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { GlobalOptions, Looking } from './global-options.ts'

/** The fleet of the configuration, or the demo where it is asked for or nothing is configured and `orDemo` allows. */
export async function openFleet(
  options: GlobalOptions & Looking,
  orDemo: boolean,
  world: WorldOptions = {},
): Promise<Fleet> {
  // Each loads much that the other does without.
  if (!options.demo) {
    const { configuration, openAsConfigured, requireConfiguration } = await import('./configured.ts')
    const found = orDemo ? configuration(options) : requireConfiguration(options)
    if (found) return await openAsConfigured(found.config, options, !orDemo)
  }
  const { openDemo } = await import('../fleet/open-demo.ts')
  if (!options.calls) return openDemo(options, world)
  const { demoCaller } = await import('./caller.ts')
  return openDemo({ ...options, beside: demoCaller() }, world)
}
