import * as z from 'zod'

/** Milliseconds of what a span is told in. */
const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30m`, `2h`: read as milliseconds. */
export const span = z.preprocess(
  // A bare number is one without its unit.
  (value) => (typeof value === 'number' ? String(value) : value),
  z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'a time such as 30m, 2h or 1d')
    .transform((text) => Number.parseInt(text, 10) * (units[text.slice(-1)] ?? 0)),
)
