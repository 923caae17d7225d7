import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/hosts/limits.ts'
import { parseVolumes } from '../../../src/services/libvirt/volumes.ts'
import { libvirt } from '../../support/fixture.ts'

const gib = 2 ** 30

describe('parseVolumes', () => {
  it('reads names with blanks and beyond ASCII, and sizes to a hundredth of their unit', () => {
    expect(parseVolumes(libvirt('vol-list-details.out'))).toEqual([
      { name: 'a b', capacity: 3.42 * gib, allocation: 100 * 2 ** 20 },
      { name: 'größe', capacity: 2 ** 40, allocation: 0 },
      { name: 'v1', capacity: 10 * gib, allocation: 10 * gib },
    ])
  })

  it('passes over what has no sizes, and over sizes that are none', () => {
    const heading = ' Name   Path   Type   Capacity   Allocation\n-----\n\n'
    expect(
      parseVolumes(`${heading} a   /a   file   -1.00 GiB   1.00 GiB\n a   /a   file   NaN GiB   1 ells\n`),
    ).toEqual([])
    expect(parseVolumes('')).toEqual([])
  })

  it('makes names printable, and reads no more than one can have', () => {
    const line = ' \u001b[2J   /x   file   1.00 GiB   0.00 B\n'
    const volumes = parseVolumes(line.repeat(limits.volumes + 5))
    expect(volumes).toHaveLength(limits.volumes)
    expect(volumes[0]?.name).not.toContain('\u001b')
  })
})
