import { checkServers } from '../fleet/check-servers.ts'
import { Checks } from '../hosts/check.ts'
import { whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import type { ConsoleState } from './state.ts'

/** Asks the LDAP and RADIUS of a host now, and opens the page on which each step is shown as it comes. */
export function checkNow(console: ConsoleState, host: string | undefined): void {
  const member = host === undefined ? undefined : console.fleet.member(host)
  if (!member?.ldap && !member?.radius)
    return console.tell(say`${label(host ?? 'this one')}: no LDAP and no RADIUS of it is configured`, 'bad')
  const { name } = member.config
  console.pages.open({ screen: 'checks', id: name })
  if (console.checks.get(name)?.isOver === false) return
  const startedAt = console.fleet.now()
  const checks = new Checks(member.host, () => tell(false))
  const tell = (isOver: boolean) => {
    console.checks = new Map(console.checks).set(name, {
      done: [...checks.done],
      isOver,
      startedAt,
    })
    console.changed()
  }
  tell(false)
  checkServers(checks, member).then(
    () => tell(true),
    (error: unknown) => {
      console.tell(whyOf(error), 'bad')
      tell(true)
    },
  )
}
