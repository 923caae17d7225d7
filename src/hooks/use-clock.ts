import { useEffect, useReducer } from 'react'

/** Draws again at each full second, for the clock and the ages. */
export function useClock(now: () => number): void {
  const [, tick] = useReducer((n: number) => n + 1, 0)
  useEffect(() => {
    let timer: NodeJS.Timeout
    const wait = () => {
      timer = setTimeout(
        () => {
          tick()
          wait()
        },
        1000 - (now() % 1000),
      )
    }
    wait()
    return () => clearTimeout(timer)
  }, [now])
}
