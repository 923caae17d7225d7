import { createContext } from 'react'
import type { Tone } from '../text/part.ts'

export interface Style {
  readonly bold?: boolean
  readonly dim?: boolean
  readonly inverse?: boolean
  readonly underline?: boolean
  readonly colour?: 'red' | 'yellow' | 'green' | 'cyan'
  /** a line of this kind ends with its text, and is not filled to its width */
  readonly short?: boolean
}

type Styles = Readonly<Record<Tone, Style>>

/** how this terminal shows tones. */
export type Theme = Styles

/** For terminals without colour. Nothing is lost here: what a colour would say stands in words beside it. */
const monochrome: Styles = {
  plain: {},
  heading: { bold: true },
  selected: { inverse: true },
  trouble: { bold: true },
  warning: { bold: true },
  good: {},
  stale: {},
  key: { bold: true },
  bar: { inverse: true },
  pointer: {},
  choice: { bold: true },
  typing: {},
  past: { inverse: true, bold: true },
}

const coloured: Styles = {
  ...monochrome,
  heading: { bold: true, colour: 'cyan' },
  trouble: { bold: true, colour: 'red' },
  warning: { colour: 'yellow' },
  good: { colour: 'green' },
  stale: { dim: true },
  key: { bold: true },
}

interface ThemeOptions {
  readonly colour: boolean
  /** the line is slow: what moves is marked by a character instead of being drawn anew in inverse, keys stand out by their place, and bars are short */
  readonly slow: boolean
}

export function themeFor({ colour, slow }: ThemeOptions): Theme {
  const styles = colour ? coloured : monochrome
  return slow ? { ...styles, selected: {}, key: {}, choice: {}, bar: { ...styles.bar, short: true } } : styles
}

export const ThemeContext = createContext<Theme>(monochrome)
