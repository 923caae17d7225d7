import { useInsertionEffect, useSyncExternalStore } from 'react'

/** A state that a screen shows, from one version to the next. */
interface Drawable {
  readonly version: number
  /** the version that is on the screen */
  drawn: number
  /** Calls back when there is another version; returns what ends that. */
  subscribe(listener: () => void): () => void
}

/** Draws again with each version, and tells the state which one has been drawn: only what was on the screen has been seen. */
export function useDrawn(state: Drawable): void {
  const version = useSyncExternalStore(
    (listener) => state.subscribe(listener),
    () => state.version,
  )
  // Not a layout effect: Ink writes to the terminal before those run.
  useInsertionEffect(() => {
    state.drawn = version
  })
}
