import { expect, it } from 'vitest'
// What is loaded only when it is needed would take time of this machine.
import '../../src/cli/devices.tsx'
import '../../src/services/display/parse.ts'
import { programOf } from '../../src/cli/program.ts'
import { run } from '../support/command-line.ts'
import { forgotten, golden } from '../support/golden.ts'

/** Each verb with the arguments with which it is shown. What changes something is really done, to a demo of its own. */
const verbs: Readonly<Record<string, readonly string[]>> = {
  'machine list': [],
  'machine show': ['windows-01'],
  'machine xml': ['windows-01'],
  'machine console': ['windows-01'],
  'machine start': ['reactos-01', '--yes'],
  'machine shutdown': ['windows-01', 'debian-kde-01', '--yes'],
  'machine reboot': ['windows-01', '--yes'],
  'machine reset': ['windows-01', '--yes'],
  'machine off': ['windows-01', '--yes'],
  'machine pause': ['windows-01', '--yes'],
  'machine resume': ['windows-01', '--yes'],
  'machine migrate': ['windows-01', '--to', 'hv2', '--yes'],
  'machine abort': ['windows-01', '--yes'],
  'machine autostart': ['windows-01', '--autostart', 'off', '--yes'],
  'machine set': ['windows-01', '--memory', '3G', '--yes'],
  'machine undefine': ['exam-01', '--yes'],
  'machine create': ['exam-99', '--host', 'hv1', '--yes'],
  'machine define': ['test/golden/machine.xml', '--host', 'hv1', '--yes'],
  'host list': [],
  'display list': [],
  'display show': ['anna'],
  'display close': ['anna', ':11', '--yes'],
  'display focus': ['anna', '--yes'],
  'display reconnect': ['nina', '--yes'],
  'display resize': ['anna', '--to', '1024x768', '--yes'],
  'cluster status': [],
  'cluster move': ['service-ip', '--to', 'lb2', '--yes'],
  'cluster ban': ['gateway', '--from', 'lb2', '--yes'],
  'cluster clear': ['service-ip', '--yes'],
  'cluster cleanup': ['gateway', '--yes'],
  'cluster refresh': ['gateway', '--yes'],
  'cluster disable': ['gateway', '--yes'],
  'cluster enable': ['gateway', '--yes'],
  'cluster unmanage': ['ldirectord', '--yes'],
  'cluster manage': ['ldirectord', '--yes'],
  'cluster standby': ['lb1', 'lb2', '--dry-run'],
  'cluster online': ['lb1', '--yes'],
  'cluster maintenance': ['on', '--yes'],
  'cluster simulate': ['--fail', 'lb1'],
  'node list': [],
  'node show': ['lb1'],
  'pool list': [],
  'pool show': ['default@hv1'],
  'resource list': [],
  'resource show': ['service-ip'],
  'host show': ['hv1'],
  'host check': [],
  'frontend list': [],
  'frontend show': ['fe1'],
  'frontend check': [],
  'frontend history': ['fe1'],
  'frontend drain': ['fe1', '--yes'],
  'frontend restore': ['fe1', '--yes'],
  'frontend weight': ['fe1', '--weight', '3', '--yes'],
  'frontend clone': ['fe1', '--address', '10.0.0.40', '--dry-run'],
  'frontend add': ['389', '--address', '10.0.0.40', '--dry-run'],
  'frontend remove': ['fe1', '--dry-run'],
  'service list': [],
  'service show': ['389'],
  'service add': ['389', '--address', '10.0.0.40', '--dry-run'],
  'balancer reload': ['lb1', '--yes'],
  'directory list': [],
  'directory show': ['fe1'],
  'directory lag': [],
  'directory check': [],
  'alert list': [],
  'alert acknowledge': ['exam-01', '--note', 'on my way'],
  'alert test': [],
  'runs-out': [],
  'fd list': [],
  'fd watch': ['--for', '3'],
  events: [],
  'incident list': [],
  'incident show': ['1'],
  'incident note': ['1', 'disk is ordered'],
  'incident report': ['1', '--markdown'],
  metrics: [],
  undo: ['1', '--dry-run'],
  'catalogue list': [],
  'catalogue check': [],
  'catalogue ready': [],
  'session list': [],
  'session show': ['anna'],
  'session end': ['anna', '--yes'],
  'session message': ['--machine', 'fedora-gnome-01', '--text', 'The exam ends in 5 min', '--yes'],
  'session lock': ['anna', 'otto', '--yes'],
  'session view': ['anna', '--control', '--dry-run'],
  'session move': ['6jkbor', '--to', 'term21:0', '--yes'],
  'session history': [],
  'session report': [],
  'session send': [],
  'config check': ['--config', 'test/golden/vdd.yaml'],
  'config path': ['--config', 'test/golden/vdd.yaml'],
  'config example': [],
  'desk client-script': [],
  'terminal list': [],
  'terminal show': ['term11'],
  'terminal facts-script': [],
  // Only sudo starts it, for a person.
  'desk-broker': [],
}

const shown = new Set<string>()

function show(name: string, text: string): void {
  shown.add(name)
  golden(name, text)
}

function allVerbs() {
  const program = programOf({ openConsole: async () => 0, version: '0', finish: () => {} })
  return program.all.filter((one) => !one.commands.length && one.name() !== 'help')
}

it('every verb is shown here, and none besides', () => {
  // The demo opens the console, what watches does so until it is ended, channels and what a terminal tells are those of this machine, and a display is opened on the one at which one sits. Load takes
  // as long as this machine takes, and the demo has nothing that a drill could break.
  const elsewhere = /^(demo|watch|load|drill .*|display open|channel .*|terminal (facts|tell))$/
  const all = allVerbs()
    .map(({ path }) => path)
    .filter((path) => !elsewhere.test(path))
  expect(Object.keys(verbs).toSorted()).toEqual(all.toSorted())
})

it.each(Object.keys(verbs))('vdd %s', async (verb) => {
  const argv = [...(verb.startsWith('config') ? [] : ['--demo']), ...verb.split(' '), ...(verbs[verb] ?? [])]
  const name = `verbs/${verb.replace(' ', '-')}`
  show(name, await run(argv))
  const takesJson = allVerbs()
    .find(({ path }) => path === verb)
    ?.options.some(({ long }) => long === '--json')
  if (takesJson) show(`${name}.json`, await run([...argv, '--json']))
})

it('nothing else is kept of verbs', () => {
  expect(forgotten('verbs', shown)).toEqual([])
})
