import { readFileSync } from 'node:fs'

const folder = new URL('../../../fixtures/freeradius-3.2.1/', import.meta.url)

/** The secrets of the recordings. */
export const secret = 'testing123'
export const statusSecret = 'adminsecret'

/** Recorded datagrams of FreeRADIUS 3.2.1; the index is fixtures/freeradius-3.2.1/README.md. */
export function recorded(scene: string): { readonly request: Buffer; readonly answer: Buffer } {
  const read = (which: string) => bytes(readFileSync(new URL(`${scene}.${which}.hex`, folder), 'utf8'))
  return { request: read('request'), answer: read('answer') }
}

/** Hexadecimal with blanks anywhere. */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex.replace(/\s/g, ''), 'hex')
}
