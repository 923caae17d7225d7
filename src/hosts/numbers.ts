/**
 * Numbers out of the words of hosts. What leaves here is finite and not negative, whatever they say: not `NaN`, not `Infinity`. What is
 * no such number is not known.
 */

/** Digits alone, as kernels and daemons count: at most those of 64 bits. */
export function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined
}

/** Digits, and others behind a point: `0.42`. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}(?:\.\d{1,20})?$/.test(text) ? Number(text) : undefined
}

/** What was reckoned out of them: a share, a rate. */
export function known(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined
}
