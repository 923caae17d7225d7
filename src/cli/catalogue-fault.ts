import type { Label } from '../hosts/label.ts'

/** What is wrong, and what to do about it. */
export interface Found {
  readonly what: Label
  readonly advice: Label
}
