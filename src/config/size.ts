import * as z from 'zod'

const units: Readonly<Record<string, number>> = { M: 2 ** 20, G: 2 ** 30 }

/** `500M`, `2G`: read as bytes. */
export const size = z
  .string()
  .regex(/^[1-9]\d{0,5}[MG]$/, 'a size such as 500M or 2G')
  .transform((text) => Number.parseInt(text, 10) * (units[text.slice(-1)] ?? 0))
