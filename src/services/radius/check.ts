import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { askStatistics, askStatus, tryLogin } from './client.ts'
import type { RadiusServer } from './watch.ts'

/** Tries what the console needs to tell how a RADIUS server is. */
export async function checkRadius(
  checks: Checks,
  { wire, settings: settingsOf }: RadiusServer,
): Promise<void> {
  const host = checks.host.name
  const asking = () => ({ host, wire, settings: settingsOf(), signal: new AbortController().signal })
  const answers = await checks.attempt(
    say`RADIUS: answers`,
    async () => say`in ${Math.ceil(await askStatus(asking()))} ms`,
  )
  if (!answers) return
  const settings = settingsOf()
  if (settings.statusPort !== undefined)
    await checks.attempt(
      say`RADIUS: statistics`,
      async () => say`${(await askStatistics(asking()))?.requests ?? 0} requests`,
      true,
    )
  if (settings.login)
    await checks.attempt(say`RADIUS: login of the test account`, async () => {
      const outcome = await tryLogin(asking())
      if (outcome?.ok === false) throw new HostError('refused', host, outcome.why)
      return say`in ${Math.ceil(outcome?.ms ?? 0)} ms`
    })
}
