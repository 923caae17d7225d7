import type { SystemConfig } from '../config/desk.ts'

function system(
  name: string,
  title: SystemConfig['title'],
  machines: readonly string[],
  ready = 0,
): SystemConfig {
  return {
    name,
    title,
    shows: 'session',
    machines: machines.map((one) => ({ name: one, always: false })),
    keep: false,
    limits: {},
    // As many as the demo has on its fullest machine.
    people: 3,
    ready,
  }
}

/** What people may choose from in the demo. */
export const demoSystems: readonly SystemConfig[] = [
  system('debian', { en: 'Debian with KDE', it: 'Debian con KDE' }, [
    'debian-kde-01',
    'debian-kde-02',
    'debian-kde-03',
  ]),
  system('exam', { en: 'Exam', it: 'Esame' }, ['exam-01', 'exam-02'], 2),
  {
    ...system(
      'reactos',
      { en: 'Old programs', it: 'Programmi vecchi' },
      ['reactos-01', 'reactos-02', 'reactos-03'],
      1,
    ),
    shows: 'screen',
  },
  {
    ...system('library', { en: 'Library', it: 'Biblioteca' }, []),
    machines: [{ name: 'library', address: 'library.example.org', always: true }],
  },
]
