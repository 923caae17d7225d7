/** Milliseconds of what a span is told in: `30m`, `2h`. */
export const spanUnits = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
