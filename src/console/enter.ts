import type { Role } from '../config/schema.ts'
import { label, say } from '../hosts/label.ts'
import type { Console } from './console.ts'
import type { Page } from './pages.ts'

/** Opens what is selected. */
export function enter(console: Console): void {
  const { screen } = console.page
  if (screen === 'overview') return enterOverview(console)
  if (screen === 'machines') return console.act('show')
  const page = pageBelow(console)
  if (page) console.pages.open({ ...page, top: 0 })
  else if (console.table) console.tell(say`nothing is selected`, 'bad')
}

/** The page of what is selected in a table. */
function pageBelow(console: Console): Omit<Page, 'top'> | undefined {
  const { frontend, service, directory } = console
  switch (console.page.screen) {
    case 'frontends':
    case 'services':
      if (frontend) return { screen: 'frontend', address: frontend.address }
      return service && { screen: 'service', service: service.name }
    case 'directory':
      return directory && { screen: 'server', host: directory.host }
    case 'events': {
      const entry = console.eventRows()[console.tables.place('events').selected]
      return entry && { screen: 'event', entry }
    }
    default:
      return undefined
  }
}

function enterOverview(console: Console): void {
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
