import { createContext } from 'react'

/** What a piece of text is, never how it looks: the theme knows that for each terminal. */
export type Role = 'plain' | 'heading' | 'selected' | 'trouble' | 'warning' | 'good' | 'stale' | 'key' | 'bar'

export interface Style {
  readonly bold?: boolean
  readonly dim?: boolean
  readonly inverse?: boolean
  readonly underline?: boolean
  readonly colour?: 'red' | 'yellow' | 'green' | 'cyan'
}

export type Styles = Readonly<Record<Role, Style>>

/** How this terminal shows roles. */
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

export interface ThemeOptions {
  readonly term: string
  readonly colour: boolean
}

/** Terminals of which colour is known to be absent; on others the basic eight are safe (terminfo `colors`). */
const withoutColour = /^(vt\d|dumb|ansi-m|wy|adm|tvi|hp|unknown|$)/

export function themeFor({ term, colour }: ThemeOptions): Theme {
  return colour && !withoutColour.test(term) ? coloured : monochrome
}

export const ThemeContext = createContext<Theme>(monochrome)
