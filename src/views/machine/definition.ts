import type { Label } from '../../hosts/label.ts'
import type { DomainXml } from '../../services/libvirt/xml.ts'

/** A machine's definition as libvirt has it, line by line, and what it means; or why it could not be read. */
export interface Definition {
  readonly lines: readonly Label[]
  readonly meaning?: DomainXml
}
