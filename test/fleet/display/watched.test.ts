import { expect, it } from 'vitest'
import { Fleet } from '../../../src/fleet/fleet.ts'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import { label } from '../../../src/hosts/label.ts'
import { seen, sight } from '../../support/sight.ts'
import { RecordingHost } from '../../support/still-fleet.ts'

it('a display server is asked by the vdd that the configuration names, and what happens there is told', async () => {
  let channels = [seen()]
  const host = new RecordingHost('d1', ([program]) =>
    program === '/opt/vdd' ? { stdout: JSON.stringify(sight(channels)) } : {},
  )
  const config = { name: 'd1', roles: ['display' as const], local: false, libvirt: '', vdd: '/opt/vdd' }
  const fleet = new Fleet({
    cluster: label('test'),
    demo: false,
    readOnly: false,
    members: [{ host, config }],
    journal: new Journal(':memory:'),
    interval: 50,
    about: ['displays'],
  })
  const shown = () => fleet.snapshot().displays.flatMap(({ displays }) => displays.map(({ name }) => name))
  fleet.start()
  try {
    await expect.poll(shown).toEqual([':12'])
    channels = []
    // As after an action there.
    fleet.lookAfresh('d1')
    await expect.poll(shown).toEqual([])
    expect(host.ran.map(({ argv }) => argv)).toEqual(host.ran.map(() => ['/opt/vdd', 'channel', 'facts']))
    const [latest] = fleet.journal.latest(10)
    expect(latest).toMatchObject({ host: 'd1', name: ':12', text: expect.stringMatching(/^closed after /) })
  } finally {
    await fleet.stop()
    fleet.journal.close()
  }
})
