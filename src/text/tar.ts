/** A file of an archive. */
interface Packed {
  /** letters, digits, `-`, `.` and `/`, 100 at most */
  readonly name: string
  readonly text: string
}

const block = 512

/**
 * An archive of a few texts, as tar(1) reads it: ustar (POSIX.1-1988, pax(1), "ustar Interchange Format").
 *
 * @param at when they were written, in milliseconds since the epoch
 */
export function tarOf(files: readonly Packed[], at: number): Buffer {
  const parts = files.flatMap(({ name, text }) => {
    const data = Buffer.from(text)
    return [headerOf(name, data.length, at), data, Buffer.alloc((block - (data.length % block)) % block)]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

function headerOf(name: string, size: number, at: number): Buffer {
  const header = Buffer.alloc(block)
  const octal = (value: number, digits: number) => Math.floor(value).toString(8).padStart(digits, '0')
  header.write(name.slice(0, 100), 0)
  header.write(octal(0o644, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(size, 11), 124)
  header.write(octal(at / 1000, 11), 136)
  // The sum is made as if it were blanks itself.
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\0' + '00', 257)
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  return header
}
