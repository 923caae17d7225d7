import { describe, expect, it } from 'vitest'
import { type SudoVariables, Unwelcome, whoAsks, withGroups } from '../../src/broker/person.ts'
import { say } from '../../src/hosts/label.ts'
import { LocalHost } from '../../src/hosts/local.ts'

const self = 7810

/** Answers as getent(1) and id(1) do. */
function machine(
  passwd = 'anna:x:1001:1001:Anna,,,:/home/anna:/bin/bash\n',
  groups = 'anna\0desk\0domain users\0',
) {
  const ran: string[][] = []
  return {
    ran,
    run: async (argv: readonly string[]) => {
      ran.push([...argv])
      const stdout = argv[0] === 'getent' ? passwd : groups
      return { code: stdout === '' ? 2 : 0, stdout, stderr: '' }
    },
  }
}

async function refusal(sudo: SudoVariables, own: number | undefined, host = machine()): Promise<string> {
  const error = await whoAsks(sudo, own, host).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Unwelcome)
  return (error as Unwelcome).message
}

describe('groups of the directory', () => {
  const anna = { uid: 1001, name: 'anna', groups: ['anna', 'desk'] }

  it('come to those of the machine', () => {
    expect(withGroups(anna, { value: ['desk', 'class 3b'] }).groups).toEqual(['anna', 'desk', 'class 3b'])
  })

  it('that are not known take none away, and it is said', () => {
    const unknown = say`ldap1: no answer`
    expect(withGroups(anna, { unknown })).toEqual({ ...anna, unknown })
  })
})

describe('who asks', () => {
  it('is whom sudo names, with the groups that the machine knows', async () => {
    const host = machine()
    expect(await whoAsks({ SUDO_UID: '1001', SUDO_USER: 'anna' }, self, host)).toEqual({
      uid: 1001,
      name: 'anna',
      groups: ['anna', 'desk', 'domain users'],
    })
    expect(host.ran).toEqual([
      ['getent', 'passwd', '1001'],
      ['id', '-Gnz', '--', 'anna'],
    ])
  })

  it('is found with the real tools', async () => {
    const here = new LocalHost()
    const person = await whoAsks({ SUDO_UID: '1', SUDO_USER: 'daemon' }, self, here)
    expect(person).toEqual({ uid: 1, name: 'daemon', groups: expect.arrayContaining(['daemon']) })
    await expect(whoAsks({ SUDO_UID: '3999999998', SUDO_USER: 'daemon' }, self, here)).rejects.toThrow(
      Unwelcome,
    )
    await here.close()
  })

  it('is nobody where sudo has not started it, or for nobody', async () => {
    expect(await refusal({}, self)).toMatch(
      /^it is started by sudo for a person at a terminal, and not by hand/,
    )
    expect(await refusal({ SUDO_UID: '1001' }, self)).toMatch(/started by sudo/)
    expect(await refusal({ SUDO_USER: 'anna' }, self)).toMatch(/started by sudo/)
    expect(await refusal({ SUDO_UID: '1001', SUDO_USER: 'anna' }, 0)).toMatch(/^it does not run as root/)
  })

  it.each(['0', '-1', '01001', '1001 ', '0x3e9', '1e3', '1001;id', '99999999999', String(self), '\u0661'])(
    'is nobody with number %j, of which nothing is asked',
    async (SUDO_UID) => {
      const host = machine()
      expect(await refusal({ SUDO_UID, SUDO_USER: 'anna' }, self, host)).toMatch(
        /is no person at a terminal$/,
      )
      expect(host.ran).toEqual([])
    },
  )

  it('is nobody whose name and number are not of each other', async () => {
    expect(await refusal({ SUDO_UID: '1001', SUDO_USER: 'bruno' }, self)).toBe(
      'user 1001 is anna, and not bruno',
    )
    expect(await refusal({ SUDO_UID: '1001', SUDO_USER: 'anna' }, self, machine('anna:x:1002:::\n'))).toBe(
      'there is no user 1001',
    )
    expect(await refusal({ SUDO_UID: '1001', SUDO_USER: 'anna' }, self, machine(''))).toBe(
      'there is no user 1001',
    )
    expect(await refusal({ SUDO_UID: '1001', SUDO_USER: 'anna' }, self, machine(undefined, ''))).toBe(
      'the groups of anna are not known',
    )
  })
})
