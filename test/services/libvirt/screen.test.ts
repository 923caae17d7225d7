import { expect, it } from 'vitest'
import { screenIn } from '../../../src/services/libvirt/screen.ts'

const domain = (devices: string) =>
  `<domain type='kvm' id='3'><name>w</name><devices>${devices}</devices></domain>`

it.each([
  [`<graphics type='vnc' port='5900' listen='127.0.0.1'/>`, { host: '127.0.0.1', port: 5900 }],
  [`<graphics type='vnc' port='5907' listen='0.0.0.0'/>`, { host: '127.0.0.1', port: 5907 }],
  [`<graphics type='vnc' port='5907' listen='::'/>`, { host: '::1', port: 5907 }],
  [`<graphics type='vnc' port='5900'/>`, { host: '127.0.0.1', port: 5900 }],
  [`<graphics type='vnc' socket='/run/w.sock'/>`, { path: '/run/w.sock' }],
  [
    `<graphics type='spice' port='5900'/><graphics type='vnc' port='5901' listen='10.0.0.1'/>`,
    { host: '10.0.0.1', port: 5901 },
  ],
  [`<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>`, undefined],
  [`<graphics type='vnc' port='65536'/>`, undefined],
  [`<graphics type='vnc' port='x'/>`, undefined],
  [`<graphics type='spice' port='5900'/>`, undefined],
  ['', undefined],
])('the screen of a machine with %s', (device, place) => {
  expect(screenIn(domain(device))).toEqual(place)
})
