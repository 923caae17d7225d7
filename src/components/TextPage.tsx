import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { Console } from '../console/console.ts'
import { topOf } from '../console/page-text.ts'
import { say } from '../hosts/label.ts'
import type { Part } from '../text/part.ts'
import { Line } from './Line.tsx'

interface Props {
  readonly console: Console
  readonly lines: readonly (readonly Part[])[]
  readonly width: number
  readonly height: number
}

/** A page of lines of which a part is on the screen; the arrows and PgDn move it. The cursor stands at the first of them. */
export function TextPage({ console, lines, width, height }: Props): ReactNode {
  const top = topOf(console)
  return (
    <Box flexDirection="column" height={height}>
      {lines.slice(top, top + height).map((parts, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place
        <Line key={i} parts={[i ? say`  ` : [say`  `, 'pointer'], ...parts]} width={width} />
      ))}
    </Box>
  )
}
