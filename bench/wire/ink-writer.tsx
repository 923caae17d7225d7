// Draws the steps of a scene as Ink does by itself, on this terminal: ink-writer FILE [incremental]
import { render, Text } from 'ink'
import { mark, put, sceneOf } from './steps.ts'

const { steps } = sceneOf(process.argv[2] ?? '')
// The marks of the focus are for the canvas of vdd.
const screen = (frame: string) => <Text wrap="truncate">{frame.replace(/\x1b\]8;;.*?\x07/g, '')}</Text>
const ink = render(screen(steps[0]?.frame ?? ''), {
  interactive: true,
  incrementalRendering: process.argv[3] === 'incremental',
  patchConsole: false,
  exitOnCtrlC: false,
})
for (const { frame } of steps) {
  ink.rerender(screen(frame))
  await ink.waitUntilRenderFlush()
  put(mark)
}
process.exit()
