import { readFileSync, writeSync } from 'node:fs'
import type { Step } from './record.tsx'

/** Stands on the wire after what belongs to a step; no terminal shows it, and it is not counted. */
export const mark = '\x1b]777;step\x07'

export interface Scene {
  readonly columns: number
  readonly rows: number
  readonly steps: readonly Step[]
}

export function sceneOf(file: string): Scene {
  return JSON.parse(readFileSync(file, 'utf8')) as Scene
}

/** Writes at once, also to a terminal that is full for the moment. */
export function put(text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}
