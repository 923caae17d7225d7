import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { nearest, proposed } from '../words/nearest.ts'
import { knownKeys } from './known-keys.ts'
import { type Config, schema } from './schema.ts'
import { whyUnread } from './secret.ts'

/** What is wrong with the configuration: one line a fault, each with file, line, key and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly file: string
  readonly faults: readonly string[]
  constructor(file: string, faults: readonly string[]) {
    super(faults.join('\n'))
    this.file = file
    this.faults = faults
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Where a configuration is looked for when no `--config` is given, in this order. */
export function searchPath(env: Environment = process.env): string[] {
  const home = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config')
  return [...(env.VDD_CONFIG ? [env.VDD_CONFIG] : []), join(home, 'vdd', 'vdd.yaml'), '/etc/vdd/vdd.yaml']
}

/**
 * Reads the configuration. A file that was named (`--config`, `$VDD_CONFIG`) must exist; of the others the
 * first that exists is taken. Returns `undefined` when there is none: then the demo fleet is shown.
 */
export function load(
  named: string | undefined,
  env: Environment = process.env,
): { file: string; config: Config } | undefined {
  const wanted = named ?? (env.VDD_CONFIG || undefined)
  for (const file of wanted ? [wanted] : searchPath(env)) {
    const text = read(file, wanted !== undefined)
    if (text !== undefined) return { file, config: parse(text, file) }
  }
  return undefined
}

function read(file: string, required: boolean): string | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    const stats = statSync(file)
    // ssh has it so too: it says which programs run here, and what is done on hosts.
    if (stats.isFile() && stats.mode & 0o002)
      throw new ConfigError(file, [`${file}: others may write it, so it is not believed: chmod o-w ${file}`])
    return text
  } catch (error) {
    if (error instanceof ConfigError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !required) return undefined
    throw new ConfigError(file, [`${file}: ${whyUnread(error)}`])
  }
}

/** Checks the text of a configuration. Throws `ConfigError` that lists every fault, not only the first. */
export function parse(text: string, file: string): Config {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number) => `${file}:${lines.linePos(offset).line}`
  if (document.errors.length)
    throw new ConfigError(
      file,
      document.errors.map((e) => `${at(e.pos[0])}: not valid YAML: ${e.message}`),
    )
  const checked = schema.safeParse(contentOf(document, file), { reportInput: true })
  if (checked.success) return checked.data
  const lineOf = (path: readonly PropertyKey[]): string => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as
        | { range?: [number, number, number] }
        | undefined
      if (node?.range) return at(node.range[0])
    }
    return `${file}:1`
  }
  throw new ConfigError(
    file,
    checked.error.issues.flatMap((issue) => faultsOf(issue, lineOf)),
  )
}

/** What the document says; aliases that would grow without bound are a fault of the file. */
function contentOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS() ?? {}
  } catch (error) {
    throw new ConfigError(file, [`${file}:1: not valid YAML: ${(error as Error).message}`])
  }
}

type LineOf = (path: readonly PropertyKey[]) => string

function faultsOf(issue: z.core.$ZodIssue, lineOf: LineOf): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      const near = proposed(nearest(key, knownKeys(schema, issue.path)))
      return `${lineOf(path)}: ${keyName(path)}: no such setting${near ? `. ${near}` : ''}`
    })
  return [`${lineOf(issue.path)}: ${keyName(issue.path)}: expected ${expectation(issue)}`]
}

/** `hosts[1].libvirt` */
function keyName(path: readonly PropertyKey[]): string {
  return (
    path.reduce<string>(
      (name, part) =>
        typeof part === 'number' ? `${name}[${part}]` : name ? `${name}.${String(part)}` : String(part),
      '',
    ) || 'the file'
  )
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      // zod's own words begin so; others are an example (such-as.ts).
      return `${issue.message.startsWith('Invalid input') ? kind(issue.expected) : issue.message}, found ${found(issue.input)}`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.message.startsWith('at least') ? issue.message : `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    default:
      return issue.message
  }
}

function found(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  return kind(Array.isArray(value) ? 'array' : typeof value)
}

function kind(type: string): string {
  return { array: 'a list', object: 'an object', int: 'a whole number' }[type] ?? `a ${type}`
}
