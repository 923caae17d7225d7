/** What each letter after `%` stands for; ssh_config(5) TOKENS. */
export type Tokens = Readonly<Record<string, string>>

/** Fills in `%x` tokens, `${VARIABLE}` and a leading `~/`. A token that is not known stays as written. */
export function expandTokens(
  text: string,
  tokens: Tokens,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const rooted = home && (text === '~' || text.startsWith('~/')) ? home + text.slice(1) : text
  return rooted.replace(/%(.)|\$\{(\w+)\}/g, (whole, letter?: string, variable?: string) => {
    if (letter === '%') return '%'
    if (letter !== undefined) return tokens[letter] ?? whole
    return (variable !== undefined && env[variable]) || whole
  })
}
