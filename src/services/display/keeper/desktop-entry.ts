/** A session manager that a machine offers: a file of /usr/share/xsessions. Desktop Entry Specification 1.5. */
export interface DesktopEntry {
  /** the file's name without `.desktop` */
  readonly id: string
  readonly name: string
  /** by language */
  readonly names: Readonly<Record<string, string>>
  /** the command line as it stands there, without field codes */
  readonly exec: string
  /** a program without which it is not installed */
  readonly tryExec?: string
  /** for XDG_CURRENT_DESKTOP */
  readonly desktopNames?: string
}

/** Session managers that are read of a machine. */
const most = 100

/**
 * Reads what `grep -aH ''` prints of many `.desktop` files: `PATH:LINE`. What is hidden, has no name or no command is left out, as display managers do; of
 * two files with one name the first counts.
 */
export function parseEntries(text: string): DesktopEntry[] {
  const files = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [, id, content] = /^\/[^:]*\/([^/:]{1,100})\.desktop:(.*)$/.exec(line) ?? []
    if (id === undefined || content === undefined) continue
    const known = files.get(id)
    if (known) known.push(content)
    else if (files.size < most) files.set(id, [content])
  }
  return [...files].flatMap(([id, lines]) => entryOf(id, lines) ?? [])
}

function entryOf(id: string, lines: readonly string[]): DesktopEntry | undefined {
  const values = new Map<string, string>()
  let isWanted = false
  for (const line of lines) {
    if (line.startsWith('[')) isWanted = line.trim() === '[Desktop Entry]'
    const [, key, value] = /^([A-Za-z0-9-]+(?:\[[^\]]{1,30}\])?)\s*=(.*)$/.exec(line) ?? []
    if (isWanted && key !== undefined && value !== undefined && !values.has(key))
      values.set(key, unescaped(value.trim()))
  }
  const [name, exec, tryExec] = [values.get('Name'), values.get('Exec'), values.get('TryExec')]
  if (!name || !exec || values.get('Hidden') === 'true' || values.get('NoDisplay') === 'true')
    return undefined
  const names = [...values].flatMap(([key, value]) => {
    // Of a country or a script are variants of one: so the names of many session managers fit into one line to the desk.
    const language = /^Name\[([a-z]{2,3})\]$/.exec(key)?.[1]
    return language && value ? [[language, value.slice(0, 200)] as const] : []
  })
  const desktopNames = values.get('DesktopNames')?.replace(/;$/, '').replaceAll(';', ':')
  return {
    id,
    name: name.slice(0, 200),
    names: Object.fromEntries(names),
    exec: exec
      .replace(/%[a-zA-Z]/g, '')
      .replaceAll('%%', '%')
      .trim(),
    ...(tryExec ? { tryExec } : {}),
    ...(desktopNames ? { desktopNames } : {}),
  }
}

const escapes: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' }

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole)
}

/**
 * The words of a command line: separated by blanks, some within double quotes, where a backslash takes the meaning off `"`, `` ` ``, `$` and `\`. Desktop Entry
 * Specification, The Exec key. None: it is not well formed, or a shell would be needed.
 */
export function execWords(exec: string): string[] | undefined {
  const words: string[] = []
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"'`$\\<>|&;()*?#~]+))(?=\s|$)/y
  while (pattern.lastIndex < exec.length) {
    const found = pattern.exec(exec)
    if (!found) return undefined
    const [, quoted, plain] = found
    words.push(quoted === undefined ? (plain ?? '') : quoted.replace(/\\(["`$\\])/g, '$1'))
  }
  return words[0] ? words : undefined
}
