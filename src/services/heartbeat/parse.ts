import { isIP } from 'node:net'
import { label } from '../../hosts/label.ts'
import type { Carried, CarriedKind, HeartbeatLink, HeartbeatNode } from './facts.ts'

/** A line of haresources, with the lines that it goes on in. */
function logicalLines(text: string): string[][] {
  return text
    .replace(/#.*/g, '')
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.split(/[ \t\r]+/).filter(Boolean))
    .filter(({ length }) => length > 1)
}

/** `/etc/ha.d/haresources`: the node that each line belongs to, and what it carries there. What stands twice counts once. */
export function parseHaresources(text: string): Carried[] {
  const all = logicalLines(text).flatMap(([node = '', ...words]) =>
    words.map((word) => ({ ...carried(word), prefers: label(node.toLowerCase()) })),
  )
  return [...new Map(all.map((one) => [one.rawId, one])).values()]
}

/** An address alone is short for the script IPaddr. */
function carried(word: string): Omit<Carried, 'prefers'> {
  const at = word.indexOf('::')
  const isBare = isIP(word.split('/')[0] ?? '') === 4
  const script = isBare ? 'IPaddr' : at < 0 ? word : word.slice(0, at)
  const rest = isBare ? word : at < 0 ? '' : word.slice(at + 2)
  const words = rest ? rest.split('::') : []
  const [kind, name] = named(script, rest, words)
  return { rawId: word, name: label(name), script, words, kind }
}

function named(script: string, rest: string, words: readonly string[]): readonly [CarriedKind, string] {
  if (/^IPaddr2?$|^IPv6addr$/.test(script)) {
    const [address = ''] = rest.split('/')
    if (isIP(address)) return ['address', address]
  }
  const [, mount] = words
  if (script === 'Filesystem' && mount?.startsWith('/'))
    return ['mount', mount.length > 1 && mount.endsWith('/') ? mount.slice(0, -1) : mount]
  return ['script', [script, ...words].join(' ')]
}

/** The nodes of `/etc/ha.d/ha.cf`: `node hb1 hb2`, one or several of a line. */
export function parseNodeNames(text: string): string[] {
  const lines = text.replace(/#.*/g, '').split('\n')
  return lines.flatMap((line) => {
    const [word, ...names] = line.split(/[ \t\r]+/).filter(Boolean)
    return word === 'node' ? names.map((name) => name.toLowerCase()) : []
  })
}

/** `/proc/mounts`: where something is mounted. A blank in a path is `\040` there: proc(5). */
export function parseMounts(text: string): Set<string> {
  const places = text.split('\n').flatMap((line) => line.split(' ')[1] ?? [])
  return new Set(
    places.map((place) =>
      place.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
    ),
  )
}

/** What the questions of a look tell, a line each: `self hb1`, `node hb2 active`, `holds local`. */
interface Membership {
  readonly self: string
  readonly isRunning: boolean
  readonly holds?: string
  readonly nodes: readonly Pick<HeartbeatNode, 'name' | 'state'>[]
}

export function parseMembership(text: string): Membership {
  const lines = text.split('\n').map((line) => line.split(' '))
  const word = (what: string) => lines.find(([first]) => first === what)?.[1]
  const holds = word('holds')
  return {
    self: (word('self') ?? '').toLowerCase(),
    isRunning: word('status') === '0',
    ...(holds ? { holds } : {}),
    nodes: lines.flatMap(([first, name, state]) =>
      first === 'node' && name ? [{ name: label(name), ...(state ? { state: label(state) } : {}) }] : [],
    ),
  }
}

/** `link hb2 eth0 up`: the links of each node. */
export function parseLinks(text: string): ReadonlyMap<string, readonly HeartbeatLink[]> {
  const all = text.split('\n').flatMap((line) => {
    const [first, node, name, state] = line.split(' ')
    return first === 'link' && node && name
      ? [{ node, link: { name: label(name), isUp: state === 'up' } }]
      : []
  })
  const byNode = Map.groupBy(all, ({ node }) => node)
  return new Map([...byNode].map(([node, links]) => [node, links.map(({ link }) => link)]))
}

/** `here 2 yes`: by its place among what is asked, what the scripts say of what they start. Who says nothing is not in it. */
export function parseStates(text: string): ReadonlyMap<number, boolean> {
  return new Map(
    text.split('\n').flatMap((line): [number, boolean][] => {
      const [, index, state] = /^here (\d{1,5}) (yes|no)$/.exec(line) ?? []
      return index ? [[Number(index), state === 'yes']] : []
    }),
  )
}
