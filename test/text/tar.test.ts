import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { tarOf } from '../../src/text/tar.ts'

const tar = (words: readonly string[], input: Buffer) =>
  execFileSync('tar', [...words], { input, encoding: 'utf8' })

it('tar(1) reads an archive: names, times and texts, also an empty one and one of a whole block', () => {
  const files = [
    { name: 'a/report.md', text: '# perché\n' },
    { name: 'a/empty', text: '' },
    { name: 'a/block', text: 'x'.repeat(512) },
  ]
  const archive = tarOf(files, Date.UTC(2026, 0, 5, 8))
  expect(archive.length % 512).toBe(0)
  expect(tar(['-tvf', '-', '--utc', '--full-time'], archive)).toMatch(
    /^-rw-r--r-- 0\/0 +10 2026-01-05 08:00:00 a\/report\.md\n.* 0 .* a\/empty\n.* 512 .* a\/block\n$/,
  )
  for (const { name, text } of files) expect(tar(['-xOf', '-', name], archive)).toBe(text)
})
