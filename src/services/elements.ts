import type { Steps } from '../hosts/slices.ts'

/** An element of XML, as it stands in the text. */
export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  /** all text directly in it, without blanks at both ends */
  readonly text: string
}

interface Open extends Element {
  readonly attributes: Map<string, string>
  readonly children: Element[]
  text: string
}

const tag = /<([^\s<>/="'!?]{1,256})/y
const attribute = /\s+([^\s<>/="']{1,256})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const tagEnd = /\s*(\/?)>/y
const closing = /<\/([^\s<>/="']{1,256})\s*>/y

/** What is read at once: then others may have their turn. */
const atATime = 64

/**
 * Reads XML as libvirt writes it: UTF-8, the five entities, numeric references. A document type is refused, and with it all entities that
 * are made up and files that are named. Each character is looked at once, and no element costs more than its length.
 *
 * @throws {Error} with a sentence, when it is no XML of this kind
 */
export function* elementSteps(xml: string): Steps<Element> {
  const root = open('')
  const path: Open[] = [root]
  let count = 0
  for (let at = 0; at < xml.length; ) {
    const top = path.at(-1) ?? root
    if (++count % atATime === 0) yield
    if (xml[at] !== '<') {
      const end = orEnd(xml, xml.indexOf('<', at))
      top.text += withoutEntities(xml.slice(at, end))
      at = end
    } else if (xml.startsWith('<!--', at)) at = behind(xml, '-->', at + 4)
    else if (xml.startsWith('<?', at)) at = behind(xml, '?>', at + 2)
    else if (xml.startsWith('<![CDATA[', at)) {
      const end = behind(xml, ']]>', at)
      top.text += xml.slice(at + 9, end - 3)
      at = end
    } else if (xml[at + 1] === '/') at = closed(xml, at, path)
    else {
      const [, name = ''] = match(tag, xml, at)
      const element = open(name)
      top.children.push(element)
      at = tag.lastIndex
      for (let found = tried(attribute, xml, at); found; found = tried(attribute, xml, at)) {
        element.attributes.set(found[1] ?? '', withoutEntities(found[2] ?? found[3] ?? ''))
        at = attribute.lastIndex
        if (++count % atATime === 0) yield
      }
      const [, isEmpty] = match(tagEnd, xml, at)
      at = tagEnd.lastIndex
      if (!isEmpty) path.push(element)
    }
  }
  if (path.length > 1) throw new Error(`not XML: <${path.at(-1)?.name}> has no end`)
  return root
}

function open(name: string): Open {
  return { name, attributes: new Map(), children: [], text: '' }
}

/** Closes the element that is open; returns what is behind. */
function closed(xml: string, at: number, path: Open[]): number {
  const [, name] = match(closing, xml, at)
  const top = path.pop()
  if (!top || top.name !== name || !path.length) throw new Error(`not XML: </${name}> ends nothing`)
  top.text = top.text.trim()
  return closing.lastIndex
}

function tried(pattern: RegExp, xml: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(xml)
}

function match(pattern: RegExp, xml: string, at: number): RegExpExecArray {
  const found = tried(pattern, xml, at)
  if (!found) throw new Error(`not XML: "${xml.slice(at, at + 20)}" at character ${at + 1}`)
  return found
}

function orEnd(xml: string, at: number): number {
  return at < 0 ? xml.length : at
}

function behind(xml: string, end: string, from: number): number {
  const at = xml.indexOf(end, from)
  if (at < 0) throw new Error(`not XML: no "${end}" behind character ${from}`)
  return at + end.length
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/g,
    (whole, hex, decimal, name) => {
      if (name) return named[name] ?? whole
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
