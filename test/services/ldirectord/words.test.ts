import { describe, expect, it } from 'vitest'
import { globals, locals, type Standing } from '../../../src/services/ldirectord/words.ts'

const usual: Standing = { family: 4, isMark: false }

/** What is taken of a value; `undefined` where it is refused. */
function taken(where: typeof globals, word: string, value: string, standing = usual): string | undefined {
  const found = where.get(word)?.(value, standing)
  if (!found) throw new Error(`no ${word}`)
  return 'value' in found ? found.value : undefined
}

const no = undefined

describe.each([
  [
    'checkinterval',
    [
      ['5', '5'],
      ['10s', '10'],
      ['a7b8', '7'],
      ['00', '00'],
      ['0', no],
      ['', no],
      ['x', no],
    ],
  ],
  [
    'checktimeout',
    [
      ['5', '5'],
      ['0', no],
      ['00', no],
      ['x', no],
    ],
  ],
  [
    'autoreload',
    [
      ['yes', 'yes'],
      ['no', 'no'],
      ['Yes', no],
      ['yes ', no],
      ['', no],
    ],
  ],
  [
    'callback',
    [
      ['"/bin/x"', '/bin/x'],
      ['"a"b"c', 'a"b'],
      ['""', ''],
      ['"', no],
      ['a"b"', no],
      ['', no],
    ],
  ],
  [
    'fallbackcommand',
    [
      ['/bin/x', '/bin/x'],
      ['', no],
    ],
  ],
  [
    'execute',
    [
      ['', ''],
      ['x', 'x'],
    ],
  ],
  [
    'emailalertfreq',
    [
      ['30', '30'],
      ['30s', '30'],
      ['s30', no],
    ],
  ],
  [
    'smtp',
    [
      ['mail.a-b+c_d x', 'mail.a-b+c_d'],
      [' mail', no],
    ],
  ],
  [
    'emailalert',
    [
      ['a@b', 'a@b'],
      ['"a@b"', 'a@b'],
      ['"a"b"', '"a"b"'],
      ['x"a"', 'x"a"'],
      ['"a"x', '"a"x'],
      ['""', no],
      ['', no],
    ],
  ],
  [
    'emailalertstatus',
    [
      ['all', 'all'],
      ['starting, running', 'starting, running'],
      ['starting \t,\n running', 'starting \t,\n running'],
      ['starting,', 'starting,'],
      ['starting,,', 'starting,,'],
      [',starting', no],
      [' starting', no],
      ['all ', no],
      ['none', 'none'],
      ['none, none', 'none, none'],
      ['none, all', no],
      ['reloading, stopping, frobnicating', no],
      ['', ''],
    ],
  ],
  ['connecttimeout', [['5', no]]],
] as const)('%s, of the whole file,', (word, values) => {
  it.each(values.map(([value, means]) => ({ value, means })))(
    'takes $value for $means',
    ({ value, means }) => {
      expect(taken(globals, word, value)).toBe(means)
    },
  )
})

describe.each([
  [
    'request',
    [
      ['"a"', 'a'],
      ['""', no],
      ['a', no],
      ['"a" b"', 'a" b'],
    ],
  ],
  [
    'checkcommand',
    [
      ['"a b"', 'a b'],
      ['a b', 'a b'],
      ['""', no],
      ['', no],
    ],
  ],
  [
    'checktype',
    [
      ['connect', 'connect'],
      ['ping,', 'ping'],
      ['external-perl', 'external-perl'],
      ['2', 'combined'],
      ['x2', 'combined'],
      ['pings', no],
      ['', no],
    ],
  ],
  [
    'checkport',
    [
      ['389', '389'],
      ['p389x', '389'],
      ['1', '1'],
      ['0', no],
      ['65535', '65535'],
      ['65536', no],
      ['x', no],
    ],
  ],
  [
    'load',
    [
      ['"0.9"', '0.9'],
      ['"."', no],
      ['0.9', no],
    ],
  ],
  [
    'scheduler',
    [
      ['wlc', 'wlc'],
      ['2wlc', 'wlc'],
      ['WLC', no],
    ],
  ],
  [
    'persistent',
    [
      ['600', '600'],
      ['a600', '600'],
      ['x', no],
    ],
  ],
  [
    'schedflags',
    [
      [' a b', 'a'],
      [' \t\n', no],
    ],
  ],
  [
    'netmask',
    [
      ['255.255.255.0', '255.255.255.0'],
      ['1.2.3', no],
      ['x1.2.3.4', no],
      ['1.2.3.4x', no],
      ['24', no],
      ['a.2.3.4', no],
    ],
  ],
  [
    'protocol',
    [
      ['tcp', 'tcp'],
      [' udp', 'udp'],
      ['fwm', no],
      ['tcps', no],
      ['', no],
    ],
  ],
  [
    'service',
    [
      ['ldap', 'ldap'],
      [' http_proxy x', 'http_proxy'],
      ['ldapx', no],
      ['', no],
    ],
  ],
  [
    'httpmethod',
    [
      ['get', 'GET'],
      [' Head', 'HEAD'],
      ['post', no],
      ['', no],
    ],
  ],
] as const)('%s, of a virtual service,', (word, values) => {
  it.each(values.map(([value, means]) => ({ value, means })))(
    'takes $value for $means',
    ({ value, means }) => {
      expect(taken(locals, word, value)).toBe(means)
    },
  )
})

describe('a word', () => {
  it.each([
    ['1', '1'],
    ['64', '64'],
    ['128', '128'],
    ['0', no],
    ['129', no],
    ['a64', no],
    ['64a', no],
    ['', no],
    ['255.255.255.0', no],
  ])('takes a length for the mask of IPv6: %j', (value, means) => {
    expect(taken(locals, 'netmask', value, { family: 6, isMark: false })).toBe(means)
  })

  it('takes for the protocol of a firewall mark only that', () => {
    const mark: Standing = { family: 4, isMark: true }
    expect(['fwm', ' fwm x', 'tcp', 'xfwm', ''].map((one) => taken(locals, 'protocol', one, mark))).toEqual([
      'fwm',
      'fwm',
      no,
      no,
      no,
    ])
  })

  it('says what it refuses, but nothing that may be a password', () => {
    const said = (where: typeof globals, word: string, value: string) => {
      const found = where.get(word)?.(value, usual)
      return found && 'wrong' in found ? found.wrong : undefined
    }
    expect(said(globals, 'checkinterval', 'soon')).toBe('is no number: soon')
    expect(said(globals, 'checkinterval', '')).toBe('is no number')
    expect(said(globals, 'emailalertstatus', 'all, late')).toBe('knows no: late')
    expect(said(globals, 'emailalertstatus', ',all')).toBe('knows no: ,all')
    expect(said(locals, 'passwd', 'hush')).toBe('not in quotation marks')
    expect(said(locals, 'secret', '""')).toBe('is empty')
  })
})
