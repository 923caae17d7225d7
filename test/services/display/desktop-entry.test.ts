import { describe, expect, it } from 'vitest'
import { execWords, parseEntries } from '../../../src/services/display/keeper/desktop-entry.ts'
import { saidSchema } from '../../../src/services/display/opening.ts'

/** As `grep -aH ''` prints a file. */
const file = (id: string, ...lines: string[]) =>
  lines.map((line) => `/usr/share/xsessions/${id}.desktop:${line}\n`).join('')

// Debian 12: openbox 3.6.1, icewm 3.3.1.
const openbox = file(
  'openbox',
  '[Desktop Entry]',
  'Name=Openbox',
  'Comment=Log in using the Openbox window manager (without a session manager)',
  'Exec=/usr/bin/openbox-session',
  'TryExec=/usr/bin/openbox-session',
  'Icon=openbox',
  'Type=Application',
)

describe('the session managers of a machine', () => {
  it('are read from their files', () => {
    expect(parseEntries(openbox)).toEqual([
      {
        id: 'openbox',
        name: 'Openbox',
        names: {},
        exec: '/usr/bin/openbox-session',
        tryExec: '/usr/bin/openbox-session',
      },
    ])
  })

  it('have names in other languages, what they call their desktop, and only what stands in their own section', () => {
    const text = file(
      'plasma',
      '# Type=Other',
      '[Desktop Action new]',
      'Exec=/bin/other',
      '[Desktop Entry]',
      'Name = Plasma (X11)',
      'Name[it]=Plasma: sessione\\sX11',
      'DesktopNames=KDE;Plasma;',
      'Exec=/usr/bin/startplasma-x11 %U --share 100%%',
      '[Desktop Action other]',
      'Name=Other',
    )
    expect(parseEntries(text)).toEqual([
      {
        id: 'plasma',
        name: 'Plasma (X11)',
        names: { it: 'Plasma: sessione X11' },
        exec: '/usr/bin/startplasma-x11  --share 100%',
        desktopNames: 'KDE:Plasma',
      },
    ])
  })

  it('are told to the desk, whatever languages a machine says that their names are in', () => {
    const strange = ['sr@ijekavianlatinandmore', 'ca@valencia', '__proto__', 'pt_BR', 'it'].map(
      (language) => `Name[${language}]=Nome`,
    )
    const [entry] = parseEntries(file('a', '[Desktop Entry]', 'Name=A', ...strange, 'Exec=a'))
    const choices = [{ id: 'a', name: 'A', names: entry?.names }]
    expect(saidSchema.safeParse({ asks: 'session', choices }).data).toEqual({
      asks: 'session',
      choices: [{ id: 'a', name: 'A', names: { it: 'Nome' } }],
    })
  })

  it.each([
    ['hidden', 'Name=A', 'Exec=a', 'Hidden=true'],
    ['not shown', 'Name=A', 'Exec=a', 'NoDisplay=true'],
    ['without a name', 'Exec=a'],
    ['without a command', 'Name=A'],
  ])('are left out where one is %s', (_what, ...lines) => {
    expect(parseEntries(file('a', '[Desktop Entry]', ...lines) + openbox).map(({ id }) => id)).toEqual([
      'openbox',
    ])
  })

  it('are told of first where a site has one of the same name, and a hundred at most', () => {
    const site = openbox.replaceAll('/usr/share', '/usr/local/share').replace('Name=Openbox', 'Name=School')
    expect(parseEntries(site + openbox).map(({ name }) => name)).toEqual(['School'])
    const many = Array.from({ length: 150 }, (_, i) => openbox.replaceAll('openbox.desktop', `o${i}.desktop`))
    expect(parseEntries(many.join(''))).toHaveLength(100)
  })
})

describe('a command line of a desktop file', () => {
  it.each([
    ['/usr/bin/openbox-session', ['/usr/bin/openbox-session']],
    ['env A=b  gnome-session --session=gnome', ['env', 'A=b', 'gnome-session', '--session=gnome']],
    ['"/opt/my desk/start" "a \\"b\\" \\$c \\\\d"', ['/opt/my desk/start', 'a "b" $c \\d']],
    ['sh -c "exec startkde"', ['sh', '-c', 'exec startkde']],
  ])('is cut into its words: %s', (exec, words) => {
    expect(execWords(exec)).toEqual(words)
  })

  it.each(['', '   ', 'startkde; rm -rf /', 'a $(b)', 'a `b`', 'a "b', "a 'b c'", 'a > b', '"a"b'])(
    'that a shell would have to read is not taken: %j',
    (exec) => {
      expect(execWords(exec)).toBeUndefined()
    },
  )
})
