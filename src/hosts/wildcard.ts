/** Whether a text matches a pattern of `*` (any characters) and `?` (one character), as ssh_config(5) PATTERNS has it. */
export function wildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}
