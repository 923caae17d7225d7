import { describe, expect, it } from 'vitest'
import { readDefinition } from '../../src/console/definition.ts'
import { xmlLines } from '../../src/console/xml-lines.ts'
import { longestXml } from '../../src/services/libvirt/xml.ts'
import { machine } from '../support/records.ts'

const read = (stdout: string) => {
  const host = { run: async () => ({ code: 0, stdout, stderr: '' }) }
  return readDefinition({ member: () => ({ host, config: {} }) } as never, machine())
}
const domain = (within: string) => `<domain type='kvm'>\n  <name>web1</name>\n${within}\n</domain>\n`

describe('the definition of a machine', () => {
  it('is shown line by line, with what it means', async () => {
    const { lines, meaning } = await read(domain('  <description>\u202e\ta</description>'))
    expect(lines).toEqual([
      "<domain type='kvm'>",
      '  <name>web1</name>',
      '  <description>\\u{202e}  a</description>',
      '</domain>',
    ])
    expect(meaning?.name).toBe('web1')
  })

  it('ends where it is longer than any that libvirt makes, and says how much is left', async () => {
    const { lines, meaning } = await read(domain('\u00e4\n'.repeat(longestXml)))
    expect(lines.length).toBeLessThan(20_005)
    expect(lines.at(-1)).toMatch(/^\u2026 \(\d+ more characters\)$/)
    expect(meaning).toBeUndefined()
  })

  it('lets keys have their turn while it is read', async () => {
    let turns = 0
    const count = setInterval(() => turns++, 1)
    await read(domain('x\u0301\u0327'.repeat(longestXml / 4)).replaceAll('x\u0301\u0327x', 'x\u0301\n'))
    clearInterval(count)
    expect(turns).toBeGreaterThan(1)
  })

  it('is folded once for a width, below itself and as deep as it began', async () => {
    const definition = await read(domain(`    <description>${'long '.repeat(12)}</description>`))
    const lines = xmlLines(definition, 40)
    expect(lines.map((parts) => parts.join(''))).toEqual([
      "<domain type='kvm'>",
      '  <name>web1</name>',
      '    <description>long long long long',
      '    long long long long long long long',
      '    long </description>',
      '</domain>',
    ])
    expect(xmlLines(definition, 40)).toBe(lines)
    expect(xmlLines(definition, 80)).not.toBe(lines)
    expect(xmlLines(undefined, 80)).toEqual([['reading the definition']])
  })
})
