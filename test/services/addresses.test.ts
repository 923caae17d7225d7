import { describe, expect, it } from 'vitest'
import { parseAddresses } from '../../src/services/addresses.ts'

describe('parseAddresses', () => {
  it('finds the addresses of a host', () => {
    const text =
      '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n3: br0    inet 10.9.0.100/32 scope global br0\\ x\n3: br0    inet6 fe80::1/64 scope link \\ x\n'
    expect([...parseAddresses(text)]).toEqual(['10.9.0.100', 'fe80::1'])
  })

  it('does not take the virtual address of a real server for one that the host holds', () => {
    const standby =
      '1: lo    inet 10.9.0.100/32 scope global lo\n2: eth0    inet 10.9.0.2/24 scope global eth0\n'
    expect([...parseAddresses(standby)]).toEqual(['10.9.0.2'])
  })
})
