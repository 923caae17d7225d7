import { checkServers } from '../fleet/check-servers.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { Checks } from '../hosts/check.ts'
import { checkText } from './check-text.ts'
import { exit } from './exit.ts'
import { json, print } from './output.ts'

/** Asks what these hosts serve as clients do, shows each step, and tells whether all went well. */
export async function checkHosts(fleet: Fleet, names: readonly string[], asJson: boolean): Promise<number> {
  const results = await Promise.all(
    names.map(async (name) => {
      const member = fleet.member(name)
      if (!member) return { name, checks: [] }
      const checks = new Checks(member.host)
      await checkServers(checks, member)
      return { name, checks: checks.done }
    }),
  )
  if (asJson) print(json(results))
  else for (const { name, checks } of results) print(checkText(name, checks))
  return results.every(({ checks }) => checks.every((c) => c.ok || c.optional)) ? exit.ok : exit.failed
}
