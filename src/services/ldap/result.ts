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
