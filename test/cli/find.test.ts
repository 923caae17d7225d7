import { describe, expect, it } from 'vitest'
import { findMachine } from '../../src/cli/find.ts'
import { uuid } from '../support/facts.ts'
import { machine, snapshot } from '../support/records.ts'

describe('findMachine', () => {
  const shown = snapshot([machine({ uuid: uuid(1), host: 'a' }), machine({ uuid: uuid(2), host: 'b' })])

  it('tells machines of one name apart by their host or UUID, and guesses nothing', () => {
    expect(() => findMachine(shown, 'web1')).toThrow('2 machines are called web1: web1@a, web1@b')
    expect(findMachine(shown, 'web1@b').uuid).toBe(uuid(2))
    expect(findMachine(shown, uuid(1)).host).toBe('a')
    expect(() => findMachine(shown, 'web1@c')).toThrow('no machine web1@c')
  })
})
