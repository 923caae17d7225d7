import { isIP } from 'node:net'
import { parseJson } from '../../hosts/json.ts'
import { count } from '../../hosts/numbers.ts'
import type { ConfiguredInstance, VrrpState } from './facts.ts'

/** Of a line, without what is behind `#` and `!`; braces are words of their own. */
function wordsOf(line: string): string[] {
  const [code = ''] = line.split(/[#!]/, 1)
  return code
    .replace(/[{}]/g, ' $& ')
    .split(/[ \t\r]+/)
    .filter(Boolean)
    .map((word) => (word.length > 1 && word.startsWith('"') && word.endsWith('"') ? word.slice(1, -1) : word))
}

interface Draft {
  readonly name: string
  readonly values: Map<string, string>
  readonly addresses: string[]
}

/** The VRRP instances of `keepalived.conf`; what stands in other files that it includes is not seen. */
export function parseInstances(text: string): ConfiguredInstance[] {
  const drafts: Draft[] = []
  /** the outer two of the blocks that are open, and how many are */
  let open: Open = { depth: 0 }
  let before: string[] = []
  for (const line of text.split('\n')) {
    let words: string[] = []
    for (const word of wordsOf(line)) {
      if (word === '{') {
        const [block = '', name = ''] = words.length ? words : before
        if (!open.depth && block === 'vrrp_instance') drafts.push({ name, values: new Map(), addresses: [] })
        open = entered(open, block)
        words = []
      } else if (word === '}') {
        note(words, open, drafts.at(-1))
        open = { ...open, depth: Math.max(0, open.depth - 1) }
        words = []
      } else words.push(word)
    }
    note(words, open, drafts.at(-1))
    if (words.length) before = words
  }
  return drafts.map(({ name, values, addresses }) => {
    const [routerId, priority] = [count(values.get('virtual_router_id')), count(values.get('priority'))]
    const device = values.get('interface')
    return {
      name,
      addresses: [...new Set(addresses)],
      ...(routerId === undefined ? {} : { routerId }),
      ...(priority === undefined ? {} : { priority }),
      ...(device === undefined ? {} : { interface: device }),
    }
  })
}

interface Open {
  readonly depth: number
  readonly outer?: string
  readonly inner?: string
}

function entered({ depth, outer = '' }: Open, block: string): Open {
  if (!depth) return { depth: 1, outer: block }
  return depth === 1 ? { depth: 2, outer, inner: block } : { depth: depth + 1, outer, inner: '' }
}

function note(words: readonly string[], { depth, outer, inner }: Open, draft: Draft | undefined): void {
  const [key, value] = words
  if (outer !== 'vrrp_instance' || !draft || key === undefined) return
  if (depth === 1 && value !== undefined) draft.values.set(key, value)
  if (depth === 2 && inner === 'virtual_ipaddress') {
    const [address = ''] = key.split('/')
    if (isIP(address)) draft.addresses.push(address)
  }
}

/** What keepalived tells of an instance when it is asked for JSON. */
export interface ToldInstance {
  readonly name: string
  readonly state?: VrrpState
  readonly effectivePriority?: number
  readonly since?: number
}

const states: readonly VrrpState[] = ['init', 'backup', 'master', 'fault']

/** `keepalived.json`, as it writes it on its signal JSON. undefined: it is no such answer, or half of one. */
export function parseTold(text: string): ToldInstance[] | undefined {
  let read: unknown
  try {
    read = parseJson(text)
  } catch {
    return undefined
  }
  // Versions after 2.2 have them in {vrrp: […]}.
  const all = Array.isArray(read) ? read : entry(read, 'vrrp')
  if (!Array.isArray(all)) return undefined
  return all.flatMap((one: unknown): ToldInstance[] => {
    const data = entry(one, 'data')
    const [name, state, priority, since] = [
      entry(data, 'iname'),
      entry(data, 'state'),
      entry(data, 'effective_priority'),
      entry(data, 'last_transition'),
    ]
    if (typeof name !== 'string') return []
    const known = typeof state === 'number' ? states[state] : undefined
    return [
      {
        name,
        ...(known ? { state: known } : {}),
        ...(typeof priority === 'number' && Number.isFinite(priority) ? { effectivePriority: priority } : {}),
        ...(typeof since === 'number' && since > 0 && since < 1e11
          ? { since: Math.round(since * 1000) }
          : {}),
      },
    ]
  })
}

function entry(record: unknown, key: string): unknown {
  return typeof record === 'object' && record !== null && Object.hasOwn(record, key)
    ? (record as Record<string, unknown>)[key]
    : undefined
}
