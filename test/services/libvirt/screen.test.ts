import { expect, it } from 'vitest'
import { definedScreens, screensIn, ticketIn } from '../../../src/services/libvirt/screen.ts'

const domain = (devices: string) =>
  `<domain type='kvm' id='3'><name>w</name><devices>${devices}</devices></domain>`

it.each([
  [`<graphics type='vnc' port='5900' listen='127.0.0.1'/>`, { host: '127.0.0.1', port: 5900 }],
  [`<graphics type='vnc' port='5907' listen='0.0.0.0'/>`, { host: '127.0.0.1', port: 5907 }],
  [`<graphics type='vnc' port='5907' listen='::'/>`, { host: '::1', port: 5907 }],
  [`<graphics type='vnc' port='5900'/>`, { host: '127.0.0.1', port: 5900 }],
  [`<graphics type='vnc' socket='/run/w.sock'/>`, { path: '/run/w.sock' }],
  [`<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>`, undefined],
  [`<graphics type='vnc' port='65536'/>`, undefined],
  [`<graphics type='vnc' port='x'/>`, undefined],
  [`<graphics type='rdp' port='3389'/>`, undefined],
  ['', undefined],
])('the screen of a machine with %s', (device, place) => {
  expect(screensIn(domain(device))).toEqual(place ? [{ protocol: 'vnc', place }] : [])
})

const place = { host: '127.0.0.1', port: 5900 }
it.each([
  [`<graphics type='spice' port='5900' listen='127.0.0.1'/>`, [{ protocol: 'spice', place }]],
  [
    `<graphics type='spice' port='5900'/><graphics type='sdl'/><graphics type='vnc' port='5901' listen='10.0.0.1'/>`,
    [
      { protocol: 'spice', place },
      { protocol: 'vnc', place: { host: '10.0.0.1', port: 5901 } },
    ],
  ],
  [
    `<graphics type='spice'><listen type='socket' socket='/run/w.sock'/></graphics>`,
    [{ protocol: 'spice', place: { path: '/run/w.sock' } }],
  ],
  // With TLS alone.
  [`<graphics type='spice' port='-1' tlsPort='5901' autoport='yes'/>`, []],
])('all screens of a machine with %s', (devices, screens) => {
  expect(screensIn(domain(devices))).toEqual(screens)
})

it('tells what a definition has, and the password of SPICE', () => {
  const devices = `<graphics type='sdl'/><graphics type='spice' autoport='yes' passwd='a&amp;b'/><graphics type='vnc' passwd='x'/>`
  expect(definedScreens(domain(devices))).toEqual(['vnc', 'spice'])
  expect(definedScreens(domain(''))).toEqual([])
  expect(ticketIn(domain(devices))).toBe('a&b')
  expect(ticketIn(domain(`<graphics type='vnc' passwd='x'/>`))).toBeUndefined()
})
