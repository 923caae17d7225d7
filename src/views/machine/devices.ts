import { say } from '../../hosts/label.ts'
import type { DomainXml } from '../../services/libvirt/xml.ts'
import { tableLines } from '../../text/page.ts'
import { dash, type Part } from '../../text/part.ts'

/** Disks and network interfaces, a line each below a heading. */
export function deviceLines(meaning: DomainXml | undefined, width: number): Part[][] {
  if (!meaning) return []
  const disks = tableLines(
    [{ title: say`DISK` }, { title: say`DEVICE` }, { title: say`TYPE` }, { title: say`SOURCE` }],
    meaning.disks.map((d) => [d.target, d.device, d.type, d.source || dash]),
    width,
  )
  const nics = tableLines(
    [{ title: say`NIC` }, { title: say`NETWORK` }, { title: say`MODEL` }],
    meaning.nics.map((n) => [n.mac, n.source, n.model]),
    width,
  )
  return [...disks, ...nics]
}
