import type { ReactNode } from 'react'
import { TextPage } from '../components/TextPage.tsx'
import { type Label, label, say } from '../hosts/label.ts'
import type { DomainXml } from '../services/libvirt/xml.ts'
import { wrap } from '../text/fit.ts'
import { fieldLines, tableLines } from '../text/page.ts'
import type { Part } from '../text/part.ts'
import { dash } from '../text/part.ts'
import { machineFacts } from '../views/machine/facts.ts'
import type { ScreenProps } from './screen.ts'

/** One machine: all that is known of it, or its XML; a page of lines that scrolls. */
export function Machine({ console, width, height }: ScreenProps): ReactNode {
  const { machine, page } = console
  const definition = console.definitions.get(page.uuid ?? '')
  const lines: (readonly Part[])[] = page.asXml
    ? (definition?.lines ?? [say`reading the definition`]).flatMap((text) => xmlLines(text, width - 4))
    : machine
      ? [
          ...fieldLines(machineFacts(machine, console.snapshot, console.fleet.now()), width - 4),
          ...deviceLines(definition?.meaning, width - 4),
        ]
      : [[say`This machine is gone. Esc goes back.`]]
  return <TextPage console={console} lines={lines} width={width} height={height} />
}

/** What is too long for a line goes on below it, as deep as it began. */
function xmlLines(text: Label, width: number): Part[][] {
  const depth = text.length - text.trimStart().length
  const indent = label(' '.repeat(depth))
  return wrap(text.trimStart() as Label, Math.max(20, width - depth)).map((line) => [say`${indent}${line}`])
}

/** Disks and network interfaces, a line each below a heading. */
function deviceLines(meaning: DomainXml | undefined, width: number): Part[][] {
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
