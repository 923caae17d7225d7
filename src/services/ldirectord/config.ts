import { isIPv4 } from 'node:net'
import { joinAddress } from '../../hosts/address.ts'
import { label, say } from '../../hosts/label.ts'
import { atOnce, type Steps } from '../../hosts/slices.ts'
import type { Addresses, LdirectordConfig } from './facts.ts'
import { InForce, type Section, type Written } from './in-force.ts'
import { type Fallback, Lookup } from './lookup.ts'
import { Names } from './names.ts'
import { fallbackPlaceOf, rangeOf, realOf, virtualPlaceOf } from './places.ts'
import { Problems } from './problems.ts'
import { globals, locals, type Taken } from './words.ts'

/** Virtual services and real servers of one file that are read: what is made of them is made anew while keys wait. */
const mostServices = 500
const mostReals = 2_000

/**
 * Reads a configuration as ldirectord 4.12 does (`read_config`, `ld_setup`): what comes later in a section wins. A line that it would refuse
 * is told, and passed over.
 *
 * @param addresses what its names stand for on the balancer; without it they are left as they are, and ports are those of Debian
 */
export function parseConfig(text: string, addresses?: Addresses): LdirectordConfig {
  return atOnce(configSteps(text, addresses))
}

/** The same, line by line. */
export function* configSteps(text: string, addresses?: Addresses): Steps<LdirectordConfig> {
  const names = new Names(addresses)
  const problems = new Problems()
  const lookup = new Lookup(names, problems)
  const reader = new Reader(lookup, problems)
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const [i, line] of lines.entries()) {
    reader.take(line, i + 1)
    yield
  }
  const config = new InForce(reader.written, lookup, problems).config(lines.length)
  return { ...config, names: [...names.hosts], ports: [...names.ports] }
}

/** Takes the lines of a file, one after the other. */
class Reader {
  readonly #written: Written = { globals: new Map(), fallbacks: new Map(), sections: [] }
  readonly #lookup: Lookup
  readonly #problems: Problems
  #reals = 0
  #isInSection = false

  constructor(lookup: Lookup, problems: Problems) {
    this.#lookup = lookup
    this.#problems = problems
  }

  get written(): Written {
    return this.#written
  }

  /** A line without its end. Blanks are those of Perl, which takes the file for bytes. */
  take(raw: string, line: number): void {
    const isComment = /^[\t-\r ]*#/.test(raw)
    const section = this.#isInSection ? this.#written.sections.at(-1) : undefined
    if (section) {
      if (isComment) return
      const hash = raw.indexOf('#')
      const [, indent = '', command = ''] =
        /^( *)(.*)$/s.exec((hash < 0 ? raw : raw.slice(0, hash)).replaceAll('\t', '    ')) ?? []
      if (indent.length >= 4 && command) return this.#inSection(section, command, line)
      if (indent.length > 4)
        return this.#problems.refuse(line, say`blanks alone: an empty line ends a virtual service`)
      // A blank line ends it too.
      this.#isInSection = false
    }
    const [, six, where] = /^virtual(6)?[\t-\r ]*=[\t-\r ]*(.*)$/s.exec(raw) ?? []
    if (where !== undefined) return this.#begin(where, six ? 6 : 4, line)
    if (!isComment && /[^\t-\r ]/.test(raw)) this.#global(raw, line)
  }

  #begin(text: string, family: 4 | 6, line: number): void {
    this.#isInSection = true
    const where = this.#written.sections.length < mostServices ? virtualPlaceOf(text, family) : undefined
    if (this.#written.sections.length >= mostServices)
      this.#problems.warn(line, say`not read: there are more than ${mostServices} virtual services`)
    else if (!where) this.#problems.refuse(line, say`no virtual service: ${label(text.trim())}`)
    this.#written.sections.push({ where, line, family, values: new Map(), reals: new Map() })
  }

  #global(raw: string, line: number): void {
    const [name, value] = wordOf(raw)
    if (/^supervised[\t-\r ]*$/.test(raw)) return void this.#written.globals.set('supervised', 'yes')
    if (name === 'fallback' || name === 'fallback6') {
      const family = name === 'fallback' ? 4 : 6
      const fallback = this.#fallbackIn(name, value, line)
      if (!fallback) return
      this.#written.fallbacks.set(family, fallback)
      // It is looked up at once, by both protocols.
      for (const protocol of ['tcp', 'udp'] as const) this.#lookup.fallback(fallback, protocol, family)
      return
    }
    const word = globals.get(name)
    if (word) return this.#set(this.#written.globals, name, word(value, { family: 4, isMark: false }), line)
    // Only its first word: there may be a password in the line.
    const shown = label(raw.trim().split(/[\s=:"]/)[0] ?? '')
    if (/^\s/.test(raw)) this.#problems.refuse(line, say`${shown}: stands in no virtual service`)
    else this.#problems.refuse(line, name ? say`unknown: ${shown}` : say`not understood: ${shown}`)
  }

  #inSection(section: Section, command: string, line: number): void {
    const [name, value] = wordOf(command)
    const { family } = section
    const shown = label(name || (command.trim().split(/[\s=:"]/)[0] ?? ''))
    if (/^(real|fallback)6?$/.test(name)) {
      if (name.endsWith('6') !== (family === 6))
        this.#problems.refuse(
          line,
          say`${shown}: here it is ${label(family === 6 ? `${name}6` : name.slice(0, -1))}`,
        )
      else if (name.startsWith('real')) this.#real(section, value, line)
      else this.#ownFallback(section, name, value, line)
      return
    }
    const word = locals.get(name)
    if (!word) return this.#problems.refuse(line, say`unknown in a virtual service: ${shown}`)
    this.#set(
      section.values,
      name,
      word(value, { family, isMark: !!section.where && 'mark' in section.where }),
      line,
    )
  }

  #real(section: Section, value: string, line: number): void {
    const real = realOf(value)
    if (!real) return this.#problems.refuse(line, say`no real server: ${label(value.trim())}`)
    // No name is looked up of what is not read.
    if (this.#reals > mostReals) return this.#tooMany(line)
    const { host, last, port: written, forward, weight } = real
    const port = this.#lookup.port(written, 'any', line)
    const [from, to] = [host, last].map((name) =>
      name === undefined ? undefined : this.#lookup.host(name, section.family, line),
    )
    if (from === undefined || port === undefined) return
    for (const address of to === undefined ? [from] : this.#range(from, to, section.family, line)) {
      // Those that are there already count, too: a few words stand for a whole range, and may be repeated without end.
      if (this.#reals++ >= mostReals) return this.#tooMany(line)
      const id = joinAddress(address, Number(port))
      if (section.reals.has(id)) this.#problems.warn(line, say`${label(id)} stands here twice`)
      else section.reals.set(id, { id, forward, weight, line })
    }
  }

  #tooMany(line: number): void {
    this.#problems.warn(line, say`not read: there are more than ${mostReals} real servers`)
  }

  #range(from: string, to: string, family: 4 | 6, line: number): string[] {
    if (family === 6) this.#problems.refuse(line, say`a range of IPv6 addresses is not known`)
    // Of names that nobody has looked up it is not known.
    if (!isIPv4(from) || !isIPv4(to)) return []
    const found = rangeOf(from, to, Math.max(1, mostReals - this.#reals + 1))
    if (!found)
      this.#problems.refuse(line, say`the range ends before it begins: ${label(from)} to ${label(to)}`)
    return found ?? []
  }

  #ownFallback(section: Section, name: string, value: string, line: number): void {
    const fallback = this.#fallbackIn(name, value, line)
    if (fallback) section.fallback = fallback
  }

  #fallbackIn(name: string, value: string, line: number): Fallback | undefined {
    const found = fallbackPlaceOf(value)
    if (!found)
      this.#problems.refuse(line, say`${label(name)}: forwards by gate, masq or ipip: ${label(value.trim())}`)
    return found && { ...found, line }
  }

  #set(values: Map<string, string>, name: string, taken: Taken, line: number): void {
    if ('value' in taken) values.set(name, taken.value)
    else this.#problems.refuse(line, say`${label(name)} ${taken.wrong}`)
  }
}

/** The word before the sign, empty where there is none, and all that stands behind it. */
function wordOf(text: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^([a-z0-9]+)[\t-\r ]*=[\t-\r ]*(.*)$/is.exec(text) ?? []
  return [name, value]
}
