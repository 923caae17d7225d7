import { useEffect, useState } from 'react'
import { Stamp } from '../terminal/stamp.ts'

/** The stamp of this place on the screen, for as long as it is there. */
export function useStamp(): Stamp {
  const [stamp] = useState(() => new Stamp())
  useEffect(() => () => stamp.release(), [stamp])
  return stamp
}
