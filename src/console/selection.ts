import type { Action } from '../actions/action.ts'
import { idOf, objectsOf, type Subject, type Target } from '../actions/subjects.ts'
import type { StandingAlert } from '../fleet/alert-book.ts'
import type { DirectoryRecord } from '../fleet/directories.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import type { Entry } from '../fleet/journal.ts'
import type { HostRecord, MachineRecord, Snapshot } from '../fleet/model.ts'
import type { ServiceRecord } from '../fleet/virtual-services.ts'
import {
  directoryRows,
  eventRows,
  frontendRows,
  machineRows,
  type OverviewRow,
  overviewRows,
  type ServiceRow,
  serviceRows,
} from '../views/rows.ts'
import { type Page, Pages } from './pages.ts'
import { isTable, type TableId, tableKinds } from './table-kinds.ts'
import { Tables } from './tables.ts'

/** What is on the screen, and what of it is selected: that is what keys act on. */
export class Selection {
  readonly fleet: Fleet
  /** lines and columns of the window */
  size = { columns: 80, rows: 24 }
  readonly pages = new Pages()
  readonly tables = new Tables((table) => ({ ids: this.#ids(table), height: this.#bodyRows(table) }))
  #events: { version: number; entries: readonly Entry[] } | undefined

  constructor(fleet: Fleet) {
    this.fleet = fleet
  }

  get page(): Page {
    return this.pages.shown
  }

  get snapshot(): Snapshot {
    return this.fleet.snapshot()
  }

  /** The clock in whole seconds: what depends on it changes with it and not in between. */
  get second(): number {
    return Math.floor(this.fleet.now() / 1000)
  }

  /** The newest entries of the journal, newest first. */
  get entries(): readonly Entry[] {
    const { version } = this.fleet.journal
    if (this.#events?.version !== version)
      this.#events = { version, entries: this.fleet.journal.latest(1000) }
    return this.#events.entries
  }

  get table(): TableId | undefined {
    const { screen } = this.page
    return isTable(screen) ? screen : undefined
  }

  machineRows(): readonly MachineRecord[] {
    return machineRows(this.snapshot, this.tables.of('machines'), this.second)
  }

  overviewRows(): readonly OverviewRow[] {
    return overviewRows(this.snapshot, this.second, this.fleet, this.fleet.journal.version)
  }

  frontendRows(): readonly FrontendRecord[] {
    return frontendRows(this.snapshot, this.tables.of('frontends'), this.second)
  }

  serviceRows(): readonly ServiceRow[] {
    return serviceRows(this.snapshot, this.tables.of('services'))
  }

  directoryRows(): readonly DirectoryRecord[] {
    return directoryRows(this.snapshot, this.tables.of('directory'))
  }

  eventRows(): readonly Entry[] {
    return eventRows(this.entries, this.tables.of('events'))
  }

  #ids(table: TableId): readonly string[] {
    if (table === 'machines') return this.machineRows().map((m) => m.uuid)
    if (table === 'overview') return this.overviewRows().map((row) => row.id)
    if (table === 'frontends') return this.frontendRows().map(({ address }) => address)
    if (table === 'services') return this.serviceRows().map(({ id }) => id)
    if (table === 'directory') return this.directoryRows().map(({ host }) => host)
    return this.eventRows().map((entry) => String(entry.id))
  }

  #bodyRows(table: TableId): number {
    return Math.max(1, this.size.rows - tableKinds[table].besides)
  }

  /** The machine that the keys act on: the selected one, or that of the page. */
  get machine(): MachineRecord | undefined {
    const { page } = this
    const uuid =
      page.uuid ??
      (page.screen === 'machines'
        ? this.machineRows()[this.tables.place('machines').selected]?.uuid
        : this.#overviewUuid())
    return this.snapshot.machines.find((m) => m.uuid === uuid)
  }

  #overviewRow(): OverviewRow | undefined {
    if (this.page.screen !== 'overview') return undefined
    return this.overviewRows()[this.tables.place('overview').selected]
  }

  #overviewUuid(): string | undefined {
    const row = this.#overviewRow()
    return row?.kind === 'alert' ? row.alert.uuid : undefined
  }

  /** The alert that is selected. */
  get alert(): StandingAlert | undefined {
    const row = this.#overviewRow()
    return row?.kind === 'alert' ? row.alert : undefined
  }

  /** The host that the keys act on. */
  get host(): HostRecord | undefined {
    const row = this.#overviewRow()
    const name =
      row?.kind === 'host'
        ? row.host.name
        : (this.machine?.host ?? (row?.kind === 'alert' ? row.alert.host : undefined))
    const { hosts } = this.snapshot
    return hosts.find((host) => host.name === name) ?? hosts[0]
  }

  /** The front end that the keys act on: the selected one, or that of the page. */
  get frontend(): FrontendRecord | undefined {
    const { page } = this
    if (page.screen === 'frontends') return this.frontendRows()[this.tables.place('frontends').selected]
    const wanted = this.#serviceRow?.real?.address ?? page.address
    return this.snapshot.frontends.find(({ address }) => address === wanted)
  }

  get #serviceRow(): ServiceRow | undefined {
    if (this.page.screen !== 'services') return undefined
    return this.serviceRows()[this.tables.place('services').selected]
  }

  /** The virtual service that is selected, or the one of the selected real server. */
  get service(): ServiceRecord | undefined {
    const { service } = this.page
    if (service === undefined) return this.#serviceRow?.service
    return this.snapshot.services.find(({ name }) => name === service)
  }

  /** The directory server that is selected, or that of the page. */
  get directory(): DirectoryRecord | undefined {
    const { page } = this
    if (page.screen === 'directory') return this.directoryRows()[this.tables.place('directory').selected]
    return this.snapshot.directories.find(({ host }) => host === page.host)
  }

  /** The balancer that the keys act on: the selected host, or the one that counts for the front end. */
  get balancer(): HostRecord | undefined {
    const name =
      this.page.screen === 'overview'
        ? this.host?.name
        : (this.service?.balancer ?? this.frontend?.services[0]?.balancer)
    return this.snapshot.hosts.find((host) => host.name === name && host.roles.includes('balancer'))
  }

  /** What an action takes: what is marked in the table that is shown, else what is selected; who looks, looks at that alone. */
  targets(subject: Subject, kind: Action['kind'] = 'change'): readonly Target[] {
    const { table, machine, host, frontend, service, balancer } = this
    const takesMarked = kind === 'change' && table && tableKinds[table].marks === subject
    const marked = takesMarked ? this.tables.of(table).marked : undefined
    if (marked?.size) return objectsOf(subject, this.snapshot).filter((one) => marked.has(idOf(subject, one)))
    const one = { machine, host, frontend, service, balancer }[subject]
    return one ? [one] : []
  }
}
