import { describe, expect, it } from 'vitest'
import { isActive, stateNamed, stateOf } from '../../../src/services/libvirt/states.ts'

describe('stateOf', () => {
  it.each([
    [1, 1, 'running', 'booted'],
    [1, 2, 'running', 'migrated'],
    [2, 0, 'idle', 'unknown'],
    [3, 1, 'paused', 'user'],
    [3, 2, 'paused', 'migrating'],
    [3, 5, 'paused', 'I/O error'],
    [4, 1, 'in shutdown', 'user'],
    [5, 2, 'shut off', 'destroyed'],
    [5, 4, 'shut off', 'migrated'],
    [5, 6, 'shut off', 'failed'],
    [6, 1, 'crashed', 'panicked'],
    [7, 0, 'pmsuspended', 'unknown'],
    [0, 0, 'no state', 'unknown'],
  ])('names state %i with reason %i', (state, reason, word, why) => {
    expect(stateOf(state, reason)).toEqual({ state: word, reason: why })
  })

  it('calls a machine whose process died crashed, not shut off', () => {
    expect(stateOf(5, 3)).toEqual({ state: 'crashed', reason: 'crashed' })
  })

  it('does not fail on numbers that it does not know', () => {
    expect(stateOf(99, 1)).toEqual({ state: 'no state', reason: 'reason 1' })
    expect(stateOf(-1, 0)).toEqual({ state: 'no state', reason: 'reason 0' })
    expect(stateOf(1.5, 0)).toMatchObject({ state: 'no state' })
    expect(stateOf(5, 40)).toEqual({ state: 'shut off', reason: 'reason 40' })
  })
})

describe('stateNamed', () => {
  it('knows the words of virsh and no others', () => {
    expect(stateNamed('in shutdown')).toBe('in shutdown')
    expect(stateNamed('pmsuspended')).toBe('pmsuspended')
    expect(stateNamed('migrating')).toBeUndefined()
    expect(stateNamed('')).toBeUndefined()
  })
})

describe('isActive', () => {
  it('holds for every state in which the machine has a process', () => {
    const active = [0, 1, 2, 3, 4, 5, 6, 7].filter((state) => isActive(stateOf(state, 0).state))
    expect(active).toEqual([0, 1, 2, 3, 4, 7])
    expect(isActive(stateOf(5, 3).state)).toBe(false)
  })
})
