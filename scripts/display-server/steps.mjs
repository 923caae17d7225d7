// What docs/display-server.md asks for, as it stands there: nobody can carry out another one.
import { readFileSync } from 'node:fs'

/**
 * The blocks of the page, in their order. One begins where a line is indented by four blanks or a fence begins, and ends at a blank line or with the fence.
 * Its first line may say whose it is: `# /path` that all below is to stand in this file, `# on HOST and HOST` where it is typed.
 *
 * @param {string} page
 * @returns {{step: number, on: string[], file?: string, text: string}[]}
 */
export function blocksOf(page) {
  const blocks = []
  let step = 0
  let isFenced = false
  let lines
  const end = () => {
    if (lines?.length) blocks.push(blockOf(step, lines))
    lines = undefined
  }
  for (const line of page.split('\n')) {
    if (line.startsWith('```')) {
      end()
      isFenced = !isFenced
      if (isFenced) lines = []
    } else if (isFenced) lines.push(line)
    else if (line.startsWith('    ')) lines = [...(lines ?? []), line.slice(4)]
    else {
      end()
      step = Number(/^\*\*(\d+)\. /.exec(line)?.[1] ?? step)
    }
  }
  end()
  return blocks
}

function blockOf(step, [first, ...rest]) {
  const file = /^# (\/\S+)$/.exec(first)?.[1]
  if (file) return { step, on: ['ds1'], file, text: `${rest.join('\n')}\n` }
  const where = /^# on (the )?(\w+(?: and \w+)*)/.exec(first)?.[2]
  if (where) return { step, on: where.split(' and '), text: `${rest.join('\n')}\n` }
  return { step, on: ['ds1'], text: `${[first, ...rest].join('\n')}\n` }
}

// steps.mjs FOLDER: writes each block into a file of its own: NUMBER-STEP-HOST,HOST.sh, or .file, whose first line is the path
if (import.meta.main) {
  const { writeFileSync } = await import('node:fs')
  const page = new URL('../../docs/display-server.md', import.meta.url)
  for (const [i, { step, on, file, text }] of blocksOf(readFileSync(page, 'utf8')).entries()) {
    const name = `${String(i).padStart(2, '0')}-${step}-${on.join(',')}`
    writeFileSync(`${process.argv[2]}/${name}.${file ? 'file' : 'sh'}`, file ? `${file}\n${text}` : text)
  }
}
