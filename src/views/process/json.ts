import type { ProcessRecord } from '../../fleet/process/record.ts'

/** A limit that JSON can hold: none is `null`, as is what is not known. */
export function limitOf(limit: number | undefined): number | null {
  return limit !== undefined && Number.isFinite(limit) ? limit : null
}

/** A process as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function fdJson(process: ProcessRecord) {
  const { name, pid, owner, open, softLimit, hardLimit, exhaustedIn } = process
  return {
    process: name,
    pid,
    owner,
    open: open ?? null,
    limit: limitOf(softLimit),
    hardLimit: limitOf(hardLimit),
    exhaustedInSeconds: exhaustedIn === undefined ? null : Math.round(exhaustedIn / 1000),
  }
}
