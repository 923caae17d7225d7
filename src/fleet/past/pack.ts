import { promisify } from 'node:util'
import { deflate, inflateSync } from 'node:zlib'
import { inSlices, type Steps } from '../../hosts/slices.ts'
import { relabel } from '../journal/relabel.ts'
import { type KindOf, kinds } from '../kinds.ts'
import type { ByFacts } from '../snapshot.ts'
import type { PastMoment } from './moment.ts'

/** Of the text below. Whoever changes what a record has in a way that older records do not draw counts it up. */
export const format = 1

/** Bytes of a moment, packed and as text; what is larger was not written by this program. */
const most = { packed: 2 ** 24, text: 2 ** 27 } as const

/** Records that are written in one piece. */
const atOnce = 50

/** What each kind of facts is kept in. Incidents are made of the journal again, and drills are of the program that holds them. */
const containers: ByFacts<'list' | 'map' | 'none'> = {
  hosts: 'list',
  machines: 'list',
  balancers: 'list',
  frontends: 'list',
  services: 'list',
  pools: 'map',
  directories: 'list',
  clocks: 'list',
  clusters: 'list',
  displays: 'list',
  radius: 'list',
  processes: 'map',
  supplies: 'list',
  storage: 'list',
  incidents: 'none',
  drills: 'none',
}

/** Packs a moment, slice by slice, and on another thread where that takes long: no key waits for it. */
export async function pack(moment: PastMoment): Promise<Uint8Array> {
  // What is the same from machine to machine is near, so the quick levels do as well as the slow ones.
  return await promisify(deflate)(await inSlices(textSteps(moment)), { level: 3 })
}

/** A moment as JSON. Facts are data alone, but for maps and sets: these are written as their entries. */
export function* textSteps({ at, now, snapshot, alerts }: PastMoment): Steps<string> {
  const facts: string[] = []
  for (const [name, value] of Object.entries({ ...snapshot, incidents: undefined, drills: undefined })) {
    if (value === undefined) continue
    const text = Array.isArray(value)
      ? yield* listSteps(value)
      : value instanceof Map
        ? `{"$map":${yield* listSteps([...value])}}`
        : textOf(value)
    facts.push(`${JSON.stringify(name)}:${text}`)
    yield
  }
  const wrong = yield* listSteps(alerts)
  return `{"at":${at},"now":${now},"alerts":${wrong},"snapshot":{${facts.join()}}}`
}

function* listSteps(list: readonly unknown[]): Steps<string> {
  const parts: string[] = []
  for (let i = 0; i < list.length; i += atOnce) {
    parts.push(textOf(list.slice(i, i + atOnce)).slice(1, -1))
    yield
  }
  return `[${parts.join()}]`
}

function textOf(value: unknown): string {
  return JSON.stringify(value, written)
}

/** Texts as they came, for whoever changes them: the file of ldirectord has passwords in it, and no screen shows either. */
const unshown: ReadonlySet<string> = new Set(['source', 'rawLine'])

function written(name: string, value: unknown): unknown {
  if (unshown.has(name)) return undefined
  if (value instanceof Map) return { $map: [...value] }
  if (value instanceof Set) return { $set: [...value] }
  return typeof value === 'number' && !Number.isInteger(value) ? shortened(value) : value
}

/** No screen shows more digits of a rate, and they would be most of what is stored. */
function shortened(value: number): number {
  return Math.abs(value) < 1e6 ? Number(value.toPrecision(5)) : Math.round(value)
}

/**
 * Reads a moment. The file may have been written by anybody: every text of it becomes printable, also names that are passed on to commands
 * elsewhere, since nothing is done to what is over.
 *
 * @throws {Error} it is none
 */
export function unpack(packed: Uint8Array): PastMoment {
  if (packed.length > most.packed) throw new Error('it is too large')
  return parseMoment(inflateSync(packed, { maxOutputLength: most.text }).toString())
}

/** @throws {Error} it is no moment */
export function parseMoment(text: string): PastMoment {
  const read = meant(JSON.parse(text))
  if (!isObject(read)) throw new Error('it is no object')
  const { at, now, snapshot, alerts } = read
  if (typeof at !== 'number' || typeof now !== 'number' || !isObject(snapshot))
    throw new Error('it has no time or no facts')
  const { seenAt, staleAfter } = snapshot
  if (!(seenAt instanceof Map) || ![...seenAt.values(), staleAfter].every(Number.isFinite))
    throw new Error('it does not say when hosts answered')
  for (const [name, container] of Object.entries(containers))
    if (!isKept(snapshot[name], container)) throw new Error(`its ${name} are not as they are written`)
  if (!isKept(alerts, 'list') || !(alerts as object[]).every(isAlert))
    throw new Error('its alerts are not as they are written')
  const moment = read as unknown as PastMoment
  for (const kind of Object.values(kinds) as KindOf<unknown>[]) {
    const all = kind.all({ ...moment.snapshot, incidents: [], drills: [] })
    const named = (one: unknown) => typeof kind.id(one) === 'string' && typeof kind.nameOf(one) === 'string'
    if (!all.every(named)) throw new Error(`a ${kind.name} has no name`)
  }
  return moment
}

function isKept(value: unknown, container: 'list' | 'map' | 'none'): boolean {
  if (container === 'none') return value === undefined
  if (container === 'list') return Array.isArray(value) && value.every(isObject)
  return value instanceof Map && [...value.values()].every((list) => isKept(list, 'list'))
}

function isAlert(alert: object): boolean {
  const { about, ...texts } = alert as Record<string, unknown>
  const isText = (name: string) => typeof texts[name] === 'string'
  return (
    ['id', 'what', 'text', 'advice', 'host', 'name', 'severity'].every(isText) &&
    Number.isFinite(texts.since) &&
    isObject(about) &&
    typeof about.id === 'string' &&
    typeof about.kind === 'string' &&
    Object.hasOwn(kinds, about.kind)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The other way round, in place: a reviver of `JSON.parse` takes more than twice as long. */
function meant(value: unknown): unknown {
  if (typeof value === 'string') return relabel(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = meant(value[i])
    return value
  }
  const object = value as Record<string, unknown>
  for (const key of Object.keys(object)) if (key !== '__proto__') object[key] = meant(object[key])
  const { $map, $set } = object
  if (Array.isArray($map) && $map.every((pair) => Array.isArray(pair) && pair.length === 2))
    return new Map($map)
  return Array.isArray($set) ? new Set($set) : object
}
