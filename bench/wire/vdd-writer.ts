// Draws the steps of a scene as vdd does, on this terminal: vdd-writer FILE
import { adaptTo } from '../../src/terminal/adapt.ts'
import { Canvas } from '../../src/terminal/canvas.ts'
import { chooseProfile } from '../../src/terminal/choose.ts'
import { Display } from '../../src/terminal/display.ts'
import { Line } from '../../src/terminal/line.ts'
import { Painter } from '../../src/terminal/painter.ts'
import { localeIsUtf8 } from '../../src/terminal/profile.ts'
import { mark, put, sceneOf } from './steps.ts'

const { columns, rows, steps } = sceneOf(process.argv[2] ?? '')
const utf8 = localeIsUtf8(process.env)
const choice = chooseProfile(process.env.TERM, { colour: true, ascii: false, utf8 })
if ('refused' in choice) throw new Error(choice.refused)
const { profile } = choice
const wire = {
  write: (bytes: Uint8Array) => {
    put(Buffer.from(bytes).toString())
    return bytes.length
  },
}
const display = new Display(new Line(wire, Number.POSITIVE_INFINITY), new Painter(profile, columns, rows))
const canvas = new Canvas(columns, rows, adaptTo(profile), (frame) => display.show(frame))
put(profile.alternateScreen ? '\x1b[?1049h' : '')
for (const { frame } of steps) {
  canvas.write(`\x1b[H\x1b[J${frame}`)
  await new Promise(setImmediate)
  await display.idle()
  put(mark)
}
process.exit()
