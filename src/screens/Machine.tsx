import type { ReactNode } from 'react'
import type { Part } from '../components/Line.tsx'
import { machineFacts } from '../components/machine-facts.ts'
import { TextPage } from '../components/TextPage.tsx'
import { pad, width as widthOf } from '../components/text.ts'
import type { MachineRecord } from '../fleet/model.ts'
import type { Console } from '../hooks/console.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { DomainXml } from '../services/libvirt/xml.ts'
import type { ScreenProps } from './screen.ts'

/** One machine: all that is known of it, or its XML; a page of lines that scrolls. */
export function Machine({ console, width, height }: ScreenProps): ReactNode {
  const { machine, page } = console
  const definition = console.definitions.get(page.uuid ?? '')
  const lines: (readonly Part[])[] = page.asXml
    ? (definition?.lines ?? [say`reading the definition`]).map((text) => [text])
    : machine
      ? [...factLines(console, machine), ...deviceLines(definition?.meaning)]
      : [[say`This machine is gone. Esc goes back.`]]
  return <TextPage console={console} lines={lines} width={width} height={height} />
}

function factLines(console: Console, machine: MachineRecord): Part[][] {
  return machineFacts(machine, console.snapshot, console.fleet.now()).map(([name, value]) => [
    [say`${label(name.padEnd(11))}`, 'heading'],
    say` ${value}`,
  ])
}

/** Disks and network interfaces, a line each below a heading. */
function deviceLines(meaning: DomainXml | undefined): Part[][] {
  if (!meaning) return []
  const disks = columns(
    [say`DISK`, say`DEVICE`, say`TYPE`, say`SOURCE`],
    meaning.disks.map((d) => [d.target, d.device, d.type, d.source || say`-`]),
  )
  const nics = columns(
    [say`NIC`, say`NETWORK`, say`MODEL`],
    meaning.nics.map((n) => [n.mac, n.source, n.model]),
  )
  return [...disks, ...nics]
}

function columns(heading: readonly Label[], rows: readonly (readonly Label[])[]): Part[][] {
  if (!rows.length) return []
  const widths = heading.map((_, i) => Math.max(...[heading, ...rows].map((row) => widthOf(row[i] ?? say``))))
  const text = (row: readonly Label[]) =>
    joined(
      row.map((cell, i) => pad(cell, widths[i] ?? 0)),
      '  ',
    )
  return [[], [[text(heading), 'heading']], ...rows.map((row): Part[] => [text(row)])]
}
