import type { ReactNode } from 'react'
import { TextPage } from '../components/TextPage.tsx'
import { type Label, label, say } from '../hosts/label.ts'
import { wrap } from '../text/fit.ts'
import type { Part } from '../text/part.ts'
import type { ScreenProps } from './screen.ts'

/** The definition of a machine as its host has it. */
export function Xml({ console, width, height }: ScreenProps): ReactNode {
  const definition = console.definitions.get(console.page.id ?? '')
  const lines = (definition?.lines ?? [say`reading the definition`]).flatMap((text) =>
    xmlLines(text, width - 4),
  )
  return <TextPage console={console} lines={lines} width={width} height={height} />
}

/** What is too long for a line goes on below it, as deep as it began. */
function xmlLines(text: Label, width: number): Part[][] {
  const depth = text.length - text.trimStart().length
  const indent = label(' '.repeat(depth))
  return wrap(text.trimStart() as Label, Math.max(20, width - depth)).map((line) => [say`${indent}${line}`])
}
