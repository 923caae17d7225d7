import * as z from 'zod'
import { spanUnits } from './span-units.ts'

function milliseconds(text: string): number {
  return Number.parseInt(text, 10) * spanUnits[text.slice(-1) as keyof typeof spanUnits]
}

/** `30m`, `2h`: read as milliseconds. */
export const span = z.preprocess(
  // A bare number is one without its unit.
  (value) => (typeof value === 'number' ? String(value) : value),
  z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'a time such as 30m, 2h or 1d')
    .transform(milliseconds),
)
