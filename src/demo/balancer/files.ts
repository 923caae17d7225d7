import { createHash } from 'node:crypto'
import type { Output } from '../../hosts/host.ts'

/** The files of a demo host that can change, by path. */
export class DemoFiles {
  /** grows with every change */
  version = 0
  readonly #texts = new Map<string, string>()

  read(path: string): string | undefined {
    return this.#texts.get(path)
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text)
    this.version++
  }

  /** The commands on files that the console uses; `undefined`: none of them. */
  command(program: string, words: readonly string[], input = ''): Output | undefined {
    const paths = words.filter((word) => word.startsWith('/'))
    const [from = '', to = ''] = paths
    switch (program) {
      case 'cat':
        return this.#answer(this.read(from))
      case 'readlink':
        return this.#answer(`${from}\n`)
      case 'flock': {
        const [draft = '', place = ''] = paths.slice(-2)
        if (
          !input
            .trimEnd()
            .split('\n')
            .every((line) => this.#isAs(line))
        )
          return { code: 1, stdout: '', stderr: '' }
        return this.command('mv', [draft, place])
      }
      case 'ldirectord':
        return this.#answer('')
      case 'dd':
        this.write(words.find((word) => word.startsWith('of='))?.slice(3) ?? '', input)
        return this.#answer('')
      case 'cp':
      case 'mv':
        this.write(to, this.read(from) ?? '')
        if (program === 'mv') this.#texts.delete(from)
        return this.#answer('')
      default:
        return undefined
    }
  }

  /** `SUM  PATH`, as `sha256sum --check` reads it. */
  #isAs(line: string): boolean {
    const [sum, path = ''] = line.split('  ')
    return (
      sum ===
      createHash('sha256')
        .update(this.read(path) ?? '')
        .digest('hex')
    )
  }

  #answer(stdout: string | undefined): Output {
    if (stdout !== undefined) return { code: 0, stdout, stderr: '' }
    return { code: 1, stdout: '', stderr: 'No such file or directory\n' }
  }
}
