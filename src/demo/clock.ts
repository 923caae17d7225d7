/** The time of the demo, in milliseconds since the epoch. */
export interface Clock {
  now(): number
}

/** A clock with random numbers and timers. */
export interface Time extends Clock {
  random(): number
  /** Calls back after so many milliseconds, unless the demo has ended. */
  later(milliseconds: number, then: () => void): NodeJS.Timeout
}
