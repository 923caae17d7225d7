/** By which time the demo runs, in milliseconds since the epoch. */
export interface Clock {
  now(): number
}

/** The same with what happens by chance, and later. */
export interface Time extends Clock {
  random(): number
  /** Calls back after so many milliseconds, unless the demo has ended. */
  later(milliseconds: number, then: () => void): NodeJS.Timeout
}
