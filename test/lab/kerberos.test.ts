import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { describeLab, Lab } from './lab.ts'
import { Anna } from './people.ts'

describeLab('somebody with a ticket of Kerberos and without a key', () => {
  const lab = Lab.forThisFile('display')
  const anna = new Anna(lab)
  const password = () => readFileSync(join(lab.directory, 'display/secrets/anna.password'), 'utf8')
  const kinit = async (...words: string[]) =>
    lab.onWith(`${password()}\n`, 'disp1', 'lab-as', 'anna', 'kinit', ...words)

  beforeEach(() => anna.sh('disp1', 'mv .ssh/id_ed25519 .ssh/hidden').then(() => {}))
  afterEach(async () => {
    await anna.sh('disp1', 'kdestroy -q; mv .ssh/hidden .ssh/id_ed25519')
  })

  it('opens a desktop, and is asked for nothing', async () => {
    await kinit()
    const opening = anna.open()
    const { open } = await opening.hears('open')
    expect(opening.said.filter((one) => 'asks' in one)).toEqual([])
    expect(await anna.on('term1', 'xwininfo', '-root', '-tree')).toMatch(
      new RegExp(`"desk1 \\(${open.id}\\)".* 640x480`),
    )
    // What the session shows goes there in ssh, and the cookie of the display stays here.
    const [, shown] = /^DISPLAY=(\S+)$/m.exec(await environment()) ?? []
    expect(shown).toMatch(/^localhost:\d+\.0$/)
    const real = await anna.sh(
      'disp1',
      `xauth -f $(ls -d /run/vdd/*/${open.id} /tmp/vdd-*/${open.id} 2>/dev/null)/auth list`,
    )
    const given = await anna.on('desk1', 'xauth', 'list')
    expect(real).toMatch(/[0-9a-f]{32}/)
    expect(given).not.toContain(/[0-9a-f]{32}/.exec(real)?.[0])
    // What is asked of the machine beside it is answered.
    await expect(anna.tell(open.id, 'lock')).rejects.toThrow(/nothing on its machine locks/)
    await anna.tell(open.id, 'close')
  })

  const environment = () => anna.sh('desk1', 'tr "\\0" "\\n" < /proc/$(pgrep -u anna -x openbox)/environ')

  it('has it kept, too; it goes with its keeper when that is killed', async () => {
    await kinit()
    const { open } = await anna.open({ keep: true }).hears('open')
    expect(await anna.sh('disp1', 'pgrep -u anna -x ssh | wc -l')).toMatch(/[1-9]/)
    await lab.on('disp1', 'kill', '-KILL', String(open.keeper.pid))
    await expect.poll(() => anna.sh('disp1', 'pgrep -u anna -x ssh || :')).toBe('')
    await expect.poll(() => anna.sh('desk1', 'pgrep -u anna -x openbox || :')).toBe('')
    await anna.tell(open.id, 'close')
  })

  it('bears a line that is cut for ten seconds, and tells of it', async () => {
    await kinit()
    const { open } = await anna.open().hears('open')
    const line = (to: 'up' | 'down') => lab.on('desk1', 'ip', 'link', 'set', 'eth0', to)
    await line('down')
    onTestFinished(() => line('up').then(() => {}))
    const silent = async () => (await anna.channels())[0]?.silent
    await expect.poll(silent).toBe('machine')
    await line('up')
    await expect.poll(silent).toBeUndefined()
    await expect
      .poll(async () => (await anna.channels())[0]?.load)
      .toMatchObject({ memoryKiB: expect.any(Number) })
    await anna.tell(open.id, 'close')
  })

  it('loses its session when the machine goes, and is told so', async () => {
    await kinit()
    const { open } = await anna.open().hears('open')
    await lab.on('desk1', 'pkill', '-KILL', '-u', 'anna', 'sshd')
    await expect
      .poll(async () => (await anna.channels())[0]?.trouble)
      .toMatch(/^the machine was lost: desk1: .*closed/)
    await anna.sh('desk1', 'pkill -u anna openbox || :')
    expect(open.id).toMatch(/\w/)
  })

  it('is asked for the password when it has expired, and told so', async () => {
    await kinit('-l', '1s')
    await expect.poll(() => anna.sh('disp1', 'klist -s || echo expired')).toBe('expired')
    const opening = anna.open()
    expect(await opening.hears('asks')).toMatchObject({ asks: 'password', attempt: 1, ticket: 'expired' })
    opening.answer({ password: password() })
    await opening.hears('open')
  })

  it('is asked for it where the machine does not know its own name in the realm, and told so', async () => {
    await kinit()
    await lab.on('desk1', 'mv', '/etc/krb5.keytab', '/etc/krb5.hidden')
    try {
      const asked = await anna.open().hears('asks')
      expect(asked).toMatchObject({ asks: 'password', ticket: 'refused' })
    } finally {
      await lab.on('desk1', 'mv', '/etc/krb5.hidden', '/etc/krb5.keytab')
    }
  })

  it('is asked as ever where ssh is to use no tickets, or there is none', async () => {
    const asked = await anna.open().hears('asks')
    expect(asked).toEqual({ asks: 'password', attempt: 1, user: 'anna' })
    await kinit()
    await anna.sh('disp1', 'printf "GSSAPIAuthentication no\\n" > .ssh/config')
    try {
      expect(await anna.open().hears('asks')).toEqual(asked)
    } finally {
      await anna.sh('disp1', 'rm .ssh/config')
    }
  })
})
