import { say } from '../hosts/label.ts'
import type { WishedSize } from '../services/display/opening.ts'
import { exit, Failure } from './exit.ts'

/** `full`, or WIDTHxHEIGHT. @throws {Failure} it is neither */
export function displaySize(text: string | undefined): WishedSize {
  if (text === 'full') return text
  const [, width, height] = /^(\d{3,5})x(\d{3,5})$/.exec(text ?? '') ?? []
  const [wide, high] = [Number(width), Number(height)]
  if (!(wide >= 200 && wide <= 16_384 && high >= 150 && high <= 16_384))
    throw new Failure(exit.usage, say`the size: full, or WIDTHxHEIGHT in pixels, from 200x150 to 16384x16384`)
  return { width: wide, height: high }
}
