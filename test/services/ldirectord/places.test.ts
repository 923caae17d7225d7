import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fallbackPlaceOf, rangeOf, realOf, virtualPlaceOf } from '../../../src/services/ldirectord/places.ts'

describe('the place of a virtual service', () => {
  it.each([
    ['10.9.0.100:389', 4, { host: '10.9.0.100', port: '389' }],
    ['a-b.c_d+e:http-alt x', 4, { host: 'a-b.c_d+e', port: 'http-alt' }],
    ['17', 4, { mark: '17' }],
    ['17 x', 6, { mark: '17' }],
    ['x17', 4, undefined],
    ['10.9.0.100', 4, { mark: '10' }],
    [':389', 4, undefined],
    ['a:', 4, undefined],
    ['[fd00::100]:389', 6, { host: 'fd00::100', port: '389' }],
    ['[fd00::100]:389', 4, undefined],
    ['[fd00::100]', 6, undefined],
    ['x[fd00::100]:389', 6, undefined],
    [' 10.9.0.100:389', 4, undefined],
    ['', 6, undefined],
  ] as const)('%j with IPv%i', (text, family, place) => {
    expect(virtualPlaceOf(text, family)).toEqual(place)
  })
})

describe('the place of a fallback', () => {
  it.each([
    ['127.0.0.1:80 gate', { host: '127.0.0.1', port: '80', forward: 'Route' }],
    ['127.0.0.1:80 masq', { host: '127.0.0.1', port: '80', forward: 'Masq' }],
    ['127.0.0.1 ipip', { host: '127.0.0.1', forward: 'Tunnel' }],
    ['127.0.0.1', { host: '127.0.0.1', forward: 'Route' }],
    ['127.0.0.1 0', { host: '127.0.0.1', forward: 'Route' }],
    ['one two:5 gate', { host: 'two', port: '5', forward: 'Route' }],
    ['[fd00::1]:80\tgate', { host: 'fd00::1', port: '80', forward: 'Route' }],
    ['a:80:b', { host: 'a:80', port: 'b', forward: 'Route' }],
    ['127.0.0.1 fast', undefined],
    ['', { host: '', forward: 'Route' }],
  ])('%j', (text, place) => {
    expect(fallbackPlaceOf(text)).toEqual(place)
  })
})

describe('a line of a real server', () => {
  const usual = { host: '10.9.0.11', port: '389', forward: 'Route', weight: 1 }

  it.each([
    ['10.9.0.11:389 gate', usual],
    ['10.9.0.11:389\tgate\t4', { ...usual, weight: 4 }],
    ['10.9.0.11:389 masq 4', { ...usual, forward: 'Masq', weight: 4 }],
    ['10.9.0.11:389 ipip', { ...usual, forward: 'Tunnel' }],
    ['10.9.0.11 gate', { ...usual, port: '0' }],
    ['[fd00::11]:389 gate', { ...usual, host: 'fd00::11' }],
    ['rs1.lab-x.test:ldap gate', { ...usual, host: 'rs1.lab-x.test', port: 'ldap' }],
    ['10.9.0.11->10.9.0.14:389 gate 2', { ...usual, last: '10.9.0.14', weight: 2 }],
    ['[fd00::11]->[fd00::12]:389 gate', { ...usual, host: 'fd00::11', last: 'fd00::12' }],
    ['#!? 10.9.0.11:389 gate', usual],
    ['10.9.0.11:389 , gate', usual],
    ['10.9.0.11:389 gate 4 "request", "receive"', { ...usual, weight: 4 }],
    ['10.9.0.11:389 gate "request", "receive"', usual],
    ['10.9.0.11:389 gate 4 "request" "receive"', { ...usual, weight: 4 }],
    ['10.9.0.11:389 gate 4 "a", "b", "c"', { ...usual, weight: 4 }],
    ['10.9.0.11:389 gate 4 "a"b, c"', undefined],
    ['10.9.0.11:389 gate 4 "request"', undefined],
    ['10.9.0.11:389 gate 4 "request"x"receive"', undefined],
    ['10.9.0.11:389 gate 4"request", "receive"', undefined],
    ['10.9.0.11:389 gate 4 "request", "receive" l:10 u:20', { ...usual, weight: 4 }],
    ['10.9.0.11:389 gate 4 u:20', { ...usual, weight: 4 }],
    // What stands before the lower limit is passed over, as ldirectord passes it over.
    ['10.9.0.11:389 gate 4 u:20 l:10', { ...usual, weight: 4 }],
    ['10.9.0.11:389 gate 4 x', undefined],
    ['10.9.0.11:389 gate 4\n', { ...usual, weight: 4 }],
    ['10.9.0.11:389 gate4', undefined],
    ['10.9.0.11:389 gates', undefined],
    ['10.9.0.11:389', undefined],
    ['10.9.0.11:389 ', undefined],
    ['?', undefined],
    ['', undefined],
  ])('%j', (text, line) => {
    expect(realOf(text)).toEqual(line)
  })
})

describe('a range of addresses', () => {
  it.each([
    ['10.9.0.11', '10.9.0.14', ['10.9.0.11', '10.9.0.12', '10.9.0.13', '10.9.0.14']],
    ['10.9.0.254', '10.9.1.1', ['10.9.0.254', '10.9.0.255', '10.9.1.0', '10.9.1.1']],
    ['10.9.0.11', '10.9.0.11', ['10.9.0.11']],
    ['10.9.0.12', '10.9.0.11', undefined],
    ['255.255.255.254', '255.255.255.255', ['255.255.255.254', '255.255.255.255']],
    // As texts 9 is more than 16.
    ['0.0.0.9', '0.0.0.16', []],
  ])('from %s to %s', (first, last, all) => {
    expect(rangeOf(first, last, 10)).toEqual(all)
  })

  it('has no more than are wanted, one after the other', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), fc.nat(20), (rest, most) => {
        const [first, last] = [`100.${rest.join('.')}`, '199.255.255.255']
        const found = rangeOf(first, last, most) ?? []
        expect(found.length).toBe(most)
        const number = (address: string) => Buffer.from(address.split('.').map(Number)).readUInt32BE()
        for (const [i, address] of found.entries()) expect(number(address)).toBe(number(first) + i)
      }),
    )
  })
})
