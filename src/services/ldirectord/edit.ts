import type { ConfiguredVirtual } from './facts.ts'

/** A real server as it is to be written. */
export interface NewReal {
  /** address and port: `10.9.0.13:389`, `[fd00::13]:636` */
  readonly id: string
  /** ldirectord's word for the way of forwarding */
  readonly forward: 'gate' | 'masq' | 'ipip'
  readonly weight: number
}

/** `real=A:389 gate 4 "request", "receive"`: what stands before the server, and what stands behind it. */
const realLine = /^(\s+real6?\s*=\s*)(\S+)([\s\S]*)$/

/**
 * The text of a configuration with one more real server in a virtual service: below its last one, written as that is. With a model the line
 * is the model's with another address and weight, so that a request and an answer of its own go with it.
 */
export function withReal(
  text: string,
  virtual: ConfiguredVirtual,
  { id, forward, weight }: NewReal,
  model?: string,
): string {
  const lines = text.split('\n')
  const last = Math.max(virtual.line, ...virtual.reals.map(({ line }) => line))
  const like = virtual.reals.find((real) => real.id === model)
  const usual = virtual.family === 6 ? '\treal6=' : '\treal='
  const [, before = usual, , behind = ''] = realLine.exec(lines[(like?.line ?? last) - 1] ?? '') ?? []
  const [, , checks = '', end = ''] = /^\s+(?:gate|masq|ipip)(\s+\d+)?([\s\S]*?)(\r?)$/.exec(behind) ?? []
  const added = `${before}${id} ${forward} ${weight}${like ? checks : ''}${end}`
  return [...lines.slice(0, last), added, ...lines.slice(last)].join('\n')
}

/** The text without a real server in a virtual service. Of a range `A->B` the others stay, a line each. */
export function withoutReal(text: string, virtual: ConfiguredVirtual, id: string): string {
  const gone = virtual.reals.find((real) => real.id === id)
  if (!gone) return text
  const lines = text.split('\n')
  const [, before = '', , behind = ''] = realLine.exec(lines[gone.line - 1] ?? '') ?? []
  const others = virtual.reals.filter((real) => real.line === gone.line && real.id !== id)
  lines.splice(gone.line - 1, 1, ...others.map((real) => `${before}${real.id}${behind}`))
  return lines.join('\n')
}
