import { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** The server's own no: a result of RFC 4511, A.1. */
export class LdapResult extends HostError {
  readonly result: number
  constructor(host: string, reason: Label, result: number) {
    super('refused', host, reason)
    this.result = result
  }
}

/** What results are called: RFC 4511, A.2, and those of later RFCs. */
export const resultNames: Readonly<Record<number, string>> = {
  1: 'operations error',
  2: 'protocol error',
  3: 'time limit exceeded',
  4: 'size limit exceeded',
  7: 'auth method not supported',
  8: 'strong auth required',
  11: 'admin limit exceeded',
  12: 'unavailable critical extension',
  13: 'confidentiality required',
  16: 'no such attribute',
  17: 'undefined type',
  18: 'inappropriate matching',
  19: 'constraint violation',
  20: 'type or value exists',
  21: 'invalid syntax',
  32: 'no such object',
  33: 'alias problem',
  34: 'invalid DN syntax',
  35: 'is leaf',
  36: 'alias deref problem',
  48: 'inappropriate auth',
  49: 'invalid credentials',
  50: 'insufficient access',
  51: 'busy',
  52: 'unavailable',
  53: 'unwilling to perform',
  54: 'loop detect',
  64: 'naming violation',
  65: 'object class violation',
  66: 'not allowed on non leaf',
  67: 'not allowed on RDN',
  68: 'already exists',
  69: 'no object class mods',
  70: 'results too large',
  71: 'affects multiple DSAs',
  80: 'other',
}
