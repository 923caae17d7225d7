import type { SystemConfig } from '../config/desk.ts'

function system(
  name: string,
  title: SystemConfig['title'],
  machines: readonly string[],
  more: Partial<SystemConfig> = {},
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
    ready: 0,
    ...more,
  }
}

/** What people may choose from in the demo: that of operators, and that of the desk. Of each way in which a system can stand there is one. */
export const demoSystems: readonly SystemConfig[] = [
  system('debian', { en: 'Debian', it: 'Debian' }, ['debian-kde-01', 'debian-kde-02', 'debian-kde-03'], {
    description: {
      en: 'For every day: write, browse, draw',
      it: 'Per tutti i giorni: scrivere, navigare, disegnare',
    },
    sessions: ['plasma', 'xfce', 'openbox'],
    keep: true,
  }),
  system(
    'fedora',
    { en: 'Fedora', it: 'Fedora' },
    ['fedora-gnome-01', 'fedora-gnome-02', 'fedora-gnome-03'],
    {
      description: { en: 'For programming', it: 'Per programmare' },
    },
  ),
  system(
    'languages',
    { en: 'Language laboratory', it: 'Laboratorio di lingue' },
    ['ubuntu-xfce-01', 'ubuntu-xfce-02', 'ubuntu-xfce-03'],
    {
      description: { en: 'Headsets are in the cupboard', it: "Cuffie e microfono sono nell'armadio" },
    },
  ),
  system('windows', { en: 'Windows', it: 'Windows' }, ['windows-01', 'windows-02', 'windows-03'], {
    shows: 'screen',
    keep: true,
  }),
  system('reactos', { en: 'ReactOS', it: 'ReactOS' }, ['reactos-01', 'reactos-02'], {
    description: { en: 'Programs of former times', it: 'Programmi di una volta' },
    shows: 'screen',
    ready: 1,
  }),
  // Two are on it.
  system('exam', { en: 'Exam', it: 'Esame' }, ['exam-02'], { people: 2 }),
  system('library', { en: 'Library', it: 'Biblioteca' }, [], {
    machines: [{ name: 'library', address: 'library.example.org', always: true }],
  }),
]
