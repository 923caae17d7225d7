import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 rather collect more often than keep more memory, for what runs for days. It reads this whenever it decides how far the heap may
 * grow; given at the start it would take none of the code that was compiled before (bin/vdd).
 */
export function saveMemory(): void {
  setFlagsFromString('--optimize-for-size')
}
