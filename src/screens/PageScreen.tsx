import type { ReactNode } from 'react'
import { TextPage } from '../components/TextPage.tsx'
import { pageKind } from '../console/selection.ts'
import { say } from '../hosts/label.ts'
import type { Part } from '../text/part.ts'
import { viewOf } from '../views/kinds.ts'
import type { ScreenProps } from './screen.ts'

/** All that is known of one object. */
export function PageScreen({ console, width, height }: ScreenProps): ReactNode {
  return <TextPage console={console} lines={linesOf(console, width - 4)} width={width} height={height} />
}

function linesOf({ page, world }: ScreenProps['console'], width: number): readonly (readonly Part[])[] {
  const kind = pageKind(page.screen)
  if (!kind || page.id === undefined) return []
  const view = viewOf(kind)
  const one = view.find(page.id, world)
  return one === undefined ? [[say`This ${view.name} is gone. Esc goes back.`]] : view.page(one, world, width)
}
