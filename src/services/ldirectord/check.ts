import type { Checks } from '../../hosts/check.ts'
import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Shell } from '../../hosts/shell.ts'
import { type LdirectordAsking, readConfig, readMaintenance, readState } from './client.ts'
import { parseConfig } from './config.ts'

/** Milliseconds. */
const timeout = 8_000

/** Tries what the console needs of ldirectord: its file, its maintenance directory, and whether it runs. */
export async function checkLdirectord(checks: Checks, shell: Shell, configFile: string): Promise<void> {
  const host = checks.host.name
  const asking: LdirectordAsking = { host, shell, configFile, timeout }
  const refused = (reason: Label, advice: Label = say``) => new HostError('refused', host, reason, advice)
  await checks.attempt(say`${label(configFile)}`, async () => {
    const source = await readConfig(asking)
    if (!source) throw refused(say`there is none`, say`"ldirectord:" in the configuration names another`)
    const config = parseConfig(source.text, source.addresses)
    const [first] = config.problems
    if (first) throw refused(say`line ${first.line}: ${first.text}`)
    return say`${config.virtuals.length} virtual services`
  })
  await checks.attempt(
    say`maintenance directory`,
    async () => {
      const { maintenancedir } = parseConfig((await readConfig(asking))?.text ?? '')
      if (!maintenancedir) throw refused(say`none is configured: a drain is weight 0, which a reload undoes`)
      const found = await readMaintenance(asking, maintenancedir)
      if (!found) throw refused(say`it cannot be read`, say`let the user read ${label(maintenancedir)}`)
      return say`${found.files.length} files in it`
    },
    true,
  )
  await checks.attempt(
    say`ldirectord`,
    async () => {
      const { daemon } = await readState(asking)
      if (!daemon)
        throw refused(say`does not run here`, say`systemctl start ldirectord, on the active balancer`)
      return say`runs (${daemon.pid})`
    },
    true,
  )
}
