import type { Checks } from '../../hosts/check.ts'
import { now as steadyNow } from '../../hosts/clock.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { readSight } from './client.ts'

/** Tries what the console needs of a display server. */
export async function checkDisplays(checks: Checks, vdd: string): Promise<void> {
  const { host } = checks
  await checks.attempt(say`displays`, async () => {
    const text = await readSight({ host, vdd })
    const { parseSight } = await import('./parse.ts')
    const sight = parseSight(text, (theirs) => (time) => time + steadyNow() - theirs)
    if ('wrong' in sight) throw new HostError('refused', host.name, sight.wrong)
    return say`${sight.displays.length} displays`
  })
}
