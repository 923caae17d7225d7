import { expect, it } from 'vitest'
import { eventSourceOf, eventTypeOf, eventTypes } from '../../src/fleet/event-types.ts'

it('a word is lower case with dots, and its meaning fits a table', () => {
  for (const [word, what] of Object.entries(eventTypes)) {
    // RFC 5424, 6.2.7: at most 32 characters of ASCII
    expect(word).toMatch(/^(?=.{1,32}$)[a-z]+(\.[a-z]+)*$/)
    expect(what).toMatch(/^[a-z`][^|\n]+[^.]$/)
  }
})

it('what is no word is none, also where an object has it by itself', () => {
  expect([
    eventTypeOf('host.lost'),
    eventTypeOf('toString'),
    eventTypeOf('host.lots'),
    eventTypeOf(7),
  ]).toEqual(['host.lost', undefined, undefined, undefined])
  expect([eventSourceOf('slapd'), eventSourceOf('constructor')]).toEqual(['slapd', undefined])
})
