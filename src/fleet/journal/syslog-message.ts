import type { Label } from '../../hosts/label.ts'
import type { Severity } from '../event.ts'
import type { Entry } from './entries.ts'

/** From where messages come. */
interface Origin {
  /** this machine */
  readonly hostname: string
  readonly pid: number
  readonly cluster: Label
}

/** The facility local0, and what our words are there: RFC 5424, 6.2.1. */
const facility = 16
const severities: Readonly<Record<Severity, number>> = { bad: 3, warning: 4, info: 6 }
/** Bytes: what every receiver takes is 480, and what it should take 2048 (6.1). */
const longest = 2_048

/** An entry as a message of RFC 5424. Its fields are in one element of structured data; the number behind `@` is the one for examples (RFC 5612). */
export function syslogMessage(entry: Entry, { hostname, pid, cluster }: Origin): Buffer {
  const { at, seenAt, uncertainty, about } = entry
  const fields: Readonly<Record<string, string | number | undefined>> = {
    cluster,
    entry: entry.id,
    instead: entry.instead,
    kind: entry.kind,
    severity: entry.severity,
    source: entry.source ?? 'vdd',
    host: entry.host,
    aboutKind: about?.kind,
    aboutId: about?.id,
    name: entry.name,
    who: entry.who,
    seenAt: seenAt === undefined ? undefined : new Date(seenAt).toISOString(),
    uncertaintySeconds: uncertainty === undefined ? undefined : uncertainty / 1000,
  }
  const element = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
  const priority = facility * 8 + severities[entry.severity]
  const name = entry.name ? `${entry.name}: ` : ''
  const head = `<${priority}>1 ${new Date(at).toISOString()} ${word(hostname, 255)} vdd ${pid} ${word(entry.type ?? '', 32)} [vdd@32473${element}] `
  return cut(`${head}\u{feff}${entry.host}: ${name}${entry.text}`)
}

/** What would end a value or the element: 6.3.3. */
function escaped(value: string): string {
  return value
    .slice(0, 255)
    .toWellFormed()
    .replace(/["\\\]]/g, '\\$&')
}

/** A header field has printable ASCII only; one that is empty is a dash. */
function word(text: string, most: number): string {
  return text.replace(/[^!-~]/g, '').slice(0, most) || '-'
}

/** The end of a long text is left out, but no part of a character stays. */
function cut(text: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length <= longest) return bytes
  let end = longest
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
