import type { Role } from '../config/schema.ts'
import { label, say } from '../hosts/label.ts'
import type { Console } from './console.ts'

/** Opens what is selected. */
export function enter(console: Console): void {
  const { screen } = console.page
  if (screen === 'machines') return console.act('show')
  if (screen === 'frontends' || screen === 'services') {
    const { frontend, service } = console
    if (service && !frontend) console.pages.open({ screen: 'service', service: service.name, top: 0 })
    if (frontend) console.pages.open({ screen: 'frontend', address: frontend.address, top: 0 })
    return
  }
  if (screen === 'directory') {
    const { directory } = console
    if (directory) console.pages.open({ screen: 'server', host: directory.host, top: 0 })
    return
  }
  if (screen === 'events') {
    const entry = console.eventRows()[console.tables.place('events').selected]
    if (entry) console.pages.open({ screen: 'event', entry, top: 0 })
    return
  }
  if (screen !== 'overview') return
  const row = console.overviewRows()[console.tables.place('overview').selected]
  if (row?.kind === 'alert' && row.alert.uuid) console.act('show')
  else if (row) {
    const host = row.kind === 'host' ? row.host : console.host
    const screen = screenOf(host?.roles ?? [])
    if (host && screen === 'directory' && !console.snapshot.directories.some((one) => one.host === host.name))
      return console.tell(
        say`${label(host.name)}: there is nothing to open, its LDAP is not asked (docs/directory.md)`,
        'bad',
      )
    console.tables.set(screen, { filter: host?.roles.includes('balancer') ? '' : (host?.name ?? '') })
    console.pages.go(screen)
  }
}

/** Where what a host with these roles does is shown. */
function screenOf(roles: readonly Role[]): 'machines' | 'frontends' | 'directory' {
  if (roles.includes('hypervisor')) return 'machines'
  return roles.includes('balancer') || roles.includes('frontend') ? 'frontends' : 'directory'
}
