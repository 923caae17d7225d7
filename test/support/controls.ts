/** The controls that may be sent to a terminal, as a pattern for one of them each; what else is sent is found. */

const c0 = '[\\b\\t\\r\\n\\x0e\\x0f]'
const count = '\\d*'
const vt100 = [
  c0,
  '\\x1bD',
  '\\x1bM',
  '\\x1b[78H]',
  '\\x1b\\[3g',
  '\\x1b\\(B',
  '\\x1b\\)0',
  `\\x1b\\[${count}[ABCD]`,
  `\\x1b\\[${count}(?:;${count})?H`,
  '\\x1b\\[[JK]',
  `\\x1b\\[(?:${count};${count})?r`,
]
const sgr = (codes: string) => `\\x1b\\[(?:(?:${codes})?(?:;(?:${codes}))*)m`
const vt100Sgr = '0|1|4|5|7'
const vt220Sgr = `${vt100Sgr}|22|24|25|27`
const colourSgr = `${vt220Sgr}|3[0-79]|4[0-79]`
const xtermSgr = `${colourSgr}|2|3|9|23|29|9[0-7]|10[0-7]|38;5;\\d+|48;5;\\d+`

const vt102 = [...vt100, `\\x1b\\[${count}[LM]`]
const vt220 = [...vt102, `\\x1b\\[${count}[X@P]`, '\\x1b\\[\\?25[hl]']
const linux = [...vt220, `\\x1b\\[${count}[Gd]`]
const xterm = [...linux, '\\x1b\\[\\?1049[hl]']

const allowed: Readonly<Record<string, readonly string[]>> = {
  vt100: [...vt100, sgr(vt100Sgr)],
  vt102: [...vt102, sgr(vt100Sgr)],
  vt220: [...vt220, sgr(vt220Sgr)],
  linux: [...linux, sgr(colourSgr)],
  xterm: [...xterm, `\\x1b\\[${count}b`, '\\x1b\\[\\?2004[hl]', sgr(xtermSgr)],
  'xterm-256color': [...xterm, `\\x1b\\[${count}b`, '\\x1b\\[\\?2004[hl]', sgr(xtermSgr)],
  screen: [...xterm, sgr(xtermSgr)],
  tmux: [...xterm, '\\x1b\\[\\?2004[hl]', sgr(xtermSgr)],
}

/** The controls in a text that this terminal does not know, each with what follows it; of characters those that it cannot show. */
export function foreignControls(output: string, term: string, utf8: boolean): string[] {
  const known = new RegExp((allowed[term] ?? []).join('|'), 'g')
  const rest = output.replace(known, '')
  const found = rest.match(/[\x00-\x1f\x7f-\x9f].{0,12}/g) ?? []
  return utf8 ? found : [...found, ...(rest.match(/[^\x00-\x7e]+/g) ?? [])]
}
