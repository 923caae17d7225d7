/** In what order the rows of a table stand, and which are left out. */
export interface Arrangement {
  /** the column by which they are sorted */
  readonly sort: string
  readonly descending: boolean
  readonly filter: string
  readonly faultsOnly: boolean
}
