import type { ReactNode } from 'react'
import { TextPage } from '../components/TextPage.tsx'
import { pageLines } from '../console/page-text.ts'
import type { ScreenProps } from './screen.ts'

/** A page of text: all that is known of one object, the keys, a definition, what was asked. */
export function PageScreen({ console, width, height }: ScreenProps): ReactNode {
  return <TextPage console={console} lines={pageLines(console, width) ?? []} width={width} height={height} />
}
