import { describe, expect, it } from 'vitest'
import { parseDf } from '../../../src/services/filesystem/parse.ts'

/** df (GNU coreutils) 9.1 on Debian 12, `df -PkTl`. */
const recorded = `Filesystem              Type     1024-blocks     Used Available Capacity Mounted on
/dev/vda                ext4       264212084 23886852  82504060      23% /
devtmpfs                devtmpfs    12334432        0  12334432       0% /dev
tmpfs                   tmpfs       12341828      100  12341728       1% /run
`
const mounts = (text: string) => parseDf(text).all.map(({ mountedOn }) => mountedOn)

describe('parseDf', () => {
  it('reads what is used and what is available, which is less than the size says', () => {
    expect(parseDf(recorded).all).toEqual([{ mountedOn: '/', usedKiB: 23886852, availableKiB: 82504060 }])
  })

  it('reads mount points and devices with blanks', () => {
    expect(mounts('head\n/dev/mapper/a b ext4 10 5 5 50% /mnt/a b 10% c\n')).toEqual(['/mnt/a b 10% c'])
  })

  it('leaves out what any user may mount, and what is full by its nature', () => {
    const lines = ['fuse.sshfs', 'fuse', 'squashfs', 'iso9660', 'tmpfs'].map(
      (type) => `/dev/x ${type} 9 9 0 100% /x`,
    )
    expect(mounts(`head\n${lines.join('\n')}\n`)).toEqual([])
  })

  it.each([
    '',
    'df: not found',
    'head\n/dev/a ext4 - - - - /',
    'head\n/dev/a ext4 9 -1 5 10% /',
    'head\n100% /',
  ])('takes nothing from %j', (text) => expect(parseDf(text).all).toEqual([]))

  it('makes a mount point printable, and reads no more than five hundred, and counts the rest', () => {
    expect(mounts('head\n/dev/a ext4 9 1 8 10% /\u001b[2J\n')).toEqual(['/\\e[2J'])
    const many = parseDf(`head\n${'/dev/a ext4 9 1 8 10% /x\n'.repeat(10_000)}`)
    expect([many.all.length, many.left]).toEqual([500, 9500])
  })
})
