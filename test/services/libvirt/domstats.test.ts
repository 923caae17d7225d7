import { describe, expect, it } from 'vitest'
import { atOnce } from '../../../src/hosts/slices.ts'
import { Domstats } from '../../../src/services/libvirt/domstats.ts'

const paragraph = (name: string, cpu: number, more = '') =>
  `Domain: '${name}'\n  state.state=1\n  state.reason=1\n  cpu.time=${cpu}\n${more}\n`

function reader() {
  const domstats = new Domstats()
  return (text: string) => atOnce(domstats.read(Buffer.from(text)))
}

describe('Domstats, asked again and again', () => {
  it('gives the same map for the same answer', () => {
    const read = reader()
    const first = read(paragraph('a', 1) + paragraph('b', 2))
    expect(read(paragraph('a', 1) + paragraph('b', 2))).toBe(first)
  })

  it('needs the memory of an answer no more once it is read', () => {
    const domstats = new Domstats()
    const answer = Buffer.from(paragraph('a', 1))
    expect(atOnce(domstats.read(answer)).get('a')).toMatchObject({ cpuNs: 1 })
    answer.write(paragraph('a', 2))
    expect(atOnce(domstats.read(answer)).get('a')).toMatchObject({ cpuNs: 2 })
  })

  it('reads a longer answer after a shorter one, and a shorter one after a longer one', () => {
    const read = reader()
    const names = Array.from({ length: 50 }, (_, i) => `m${i}`)
    for (const count of [2, 50, 1, 20]) {
      const shown = names.slice(0, count)
      expect([...read(shown.map((name) => paragraph(name, count)).join('')).keys()]).toEqual(shown)
    }
  })

  it('keeps the object of a machine of which nothing has changed, wherever its text stands now', () => {
    const read = reader()
    const first = new Map(read(paragraph('a', 9) + paragraph('b', 2)))
    const second = read(paragraph('a', 10) + paragraph('b', 2))
    expect(second.get('a')).toMatchObject({ cpuNs: 10 })
    expect(second.get('b')).toBe(first.get('b'))
    expect(read(paragraph('a', 9) + paragraph('b', 3)).get('b')).toMatchObject({ cpuNs: 3 })
  })

  it('keeps the object where what has changed is nothing that is read', () => {
    const read = reader()
    const first = read(paragraph('a', 1, '  cpu.user=1\n')).get('a')
    expect(read(paragraph('a', 1, '  cpu.user=2\n')).get('a')).toBe(first)
  })

  it('does not take the numbers of one machine for those of another that has come in its place', () => {
    const read = reader()
    read(paragraph('a', 1) + paragraph('b', 2))
    expect([...read(paragraph('b', 2)).entries()]).toEqual([['b', expect.objectContaining({ cpuNs: 2 })]])
    expect([...read(paragraph('c', 2)).keys()]).toEqual(['c'])
    expect([...read(paragraph('c', 2) + paragraph('d', 3)).keys()]).toEqual(['c', 'd'])
  })

  it('believes neither of two of one name, from the moment at which the second is there', () => {
    const read = reader()
    expect(read(paragraph('a', 1)).has('a')).toBe(true)
    expect(read(paragraph('a', 1) + paragraph('a', 2)).has('a')).toBe(false)
    expect(read(paragraph('a', 1)).has('a')).toBe(true)
  })

  it('tells nothing of a machine whose paragraph no longer has a state', () => {
    const read = reader()
    read(paragraph('a', 1))
    expect(read("Domain: 'a'\n  cpu.time=1\n").size).toBe(0)
  })
})
