import { renderToString, Text } from 'ink'
import { Table } from 'ink-table'
import type { PropsWithChildren, ReactNode } from 'react'
import type { Label } from '../hosts/label.ts'
import type { DomainXml } from '../services/libvirt/xml.ts'
import { asciiLines } from './output.ts'

/** Disks and network interfaces of a machine as small tables, with borders that every terminal and log has. */
export function deviceTables({ disks, nics }: DomainXml): string {
  const rows = {
    disks: disks.map((d) => ({ disk: d.target, device: d.device, type: d.type, source: d.source || '-' })),
    nics: nics.map((n) => ({ nic: n.mac, network: n.source, model: n.model })),
  }
  const columns = 200
  const tables = [
    ...(rows.disks.length ? [<Table key="disks" data={rows.disks} header={Plain} skeleton={Border} />] : []),
    ...(rows.nics.length ? [<Table key="nics" data={rows.nics} header={Plain} skeleton={Border} />] : []),
  ]
  return tables.map((table) => renderToString(table, { columns })).join('\n')
}

function Plain({ children }: PropsWithChildren): ReactNode {
  return <Text>{children}</Text>
}

function Border({ children }: PropsWithChildren): ReactNode {
  return <Text>{asciiLines(String(children) as Label)}</Text>
}
