export type PacketErrorKind =
  /** the bytes are no packet, or none that belongs here */
  | 'garbage'
  /** a packet, but not of one who knows the secret */
  | 'forged'
  /** it cannot be said in RADIUS, which has its bounds */
  | 'unfit'

/** Why bytes are not the packet that they should be. The message holds nothing of what is in them but numbers. */
export class PacketError extends Error {
  override readonly name = 'PacketError'
  readonly kind: PacketErrorKind
  constructor(kind: PacketErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}
