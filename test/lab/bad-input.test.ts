import { describe, expect, it, onTestFinished } from 'vitest'
import { describeLab, Lab } from './lab.ts'
import { Anna } from './people.ts'

describeLab('what goes wrong with a channel', () => {
  const lab = Lab.forThisFile('display')
  const anna = new Anna(lab)
  const root = (host: string, script: string) => lab.on(host, 'sh', '-c', script)

  describe('on its way to a session', () => {
    it('a host key that is another one: nothing goes on, and no key is tried', async () => {
      const known = '.ssh/known_hosts'
      await anna.sh(
        'disp1',
        `cp ${known} known; sed -i "s|^desk1.*|$(grep ^desk2 known)|; s/^desk2/desk1/" ${known}`,
      )
      onTestFinished(() => anna.sh('disp1', `mv known ${known}`).then(() => {}))
      const logins = () => root('desk1', 'grep -c "Accepted\\|Failed" /var/log/sshd.log || :')
      const before = await logins()
      const { failed } = await anna.open().hears('failed')
      expect(failed).toMatchObject({ kind: 'hostkey', reason: expect.stringMatching(/desk1.*key/) })
      expect(await logins()).toBe(before)
    })

    it('a password that is wrong three times', async () => {
      const opening = anna.open({ machine: { name: 'desk1', user: 'bruno' } })
      for (let attempt = 1; attempt <= 3; attempt++) {
        await expect.poll(() => opening.said).toContainEqual({ asks: 'password', attempt, user: 'bruno' })
        opening.answer({ password: `guess ${attempt}` })
      }
      expect((await opening.hears('failed')).failed.kind).toBe('auth')
    })

    it('a session that ends at once says what it has said last', async () => {
      const file = '/usr/share/xsessions/broken.desktop'
      await root(
        'desk1',
        `printf '#!/bin/sh\\necho I cannot >&2; exit 3\\n' > /usr/local/bin/broken; chmod 755 /usr/local/bin/broken
        printf '[Desktop Entry]\\nName=Broken\\nExec=broken\\nType=Application\\n' > ${file}`,
      )
      onTestFinished(() => root('desk1', `rm ${file}`).then(() => {}))
      const { failed } = await anna.open({ session: 'broken' }).hears('failed')
      expect(failed).toMatchObject({ kind: 'session-ended', reason: expect.stringMatching(/I cannot/) })
    })

    it('a home that is full', async () => {
      // As a quota would have it: what is there stays, and nothing more goes in.
      const home = '/home/anna'
      await root(
        'desk1',
        `cp -a ${home} /tmp/home; mount -t tmpfs -o size=64k,mode=700,uid=7801,gid=7801 tmpfs ${home}
        cp -a /tmp/home/.ssh ${home}; dd if=/dev/zero of=${home}/full bs=4k 2>/dev/null || :`,
      )
      onTestFinished(() => root('desk1', `umount ${home}; rm -r /tmp/home`).then(() => {}))
      const { failed } = await anna.open().hears('failed')
      expect(failed).toMatchObject({ kind: 'no-room' })
    })

    it('a machine that allows no X11 forwarding', async () => {
      const sshd = async (change: string) => {
        await root('desk1', change)
        await lab.run('restart', 'desk1', 'sshd')
      }
      const config = '/etc/ssh/sshd_config'
      await sshd(`cp ${config} /tmp/config; printf '\\nMatch User anna\\nX11Forwarding no\\n' >> ${config}`)
      onTestFinished(() => sshd(`mv /tmp/config ${config}`))
      const { failed } = await anna.open().hears('failed')
      expect(failed).toMatchObject({
        kind: 'no-x11',
        reason: expect.stringMatching(/allows no X11 forwarding/),
        advice: expect.stringMatching(/X11Forwarding yes/),
      })
    })

    it('a display server on which nothing more can be written', async () => {
      const place = '/tmp/vdd-7801'
      await root(
        'disp1',
        `mkdir -p ${place} && mount -t tmpfs -o size=4k,nr_inodes=1,mode=755,uid=7801,gid=7801 tmpfs ${place}`,
      )
      onTestFinished(() => root('disp1', `umount ${place}; chown anna: ${place}`).then(() => {}))
      const { failed } = await anna.open().hears('failed')
      expect(failed).toMatchObject({ kind: 'no-room', reason: expect.stringMatching(/no space left/) })
      expect(await root('disp1', `ls ${place}`)).toBe('')
    })

    it.each([
      ['Xephyr', {}],
      ['Xvnc', { keep: true }],
    ])('a display server without %s', async (program, wish) => {
      const bin = '/tmp/bin'
      await root('disp1', `mkdir ${bin}; ln -s /usr/bin/* ${bin}; rm ${bin}/${program}`)
      onTestFinished(() => root('disp1', `rm -r ${bin}`).then(() => {}))
      const { failed } = await anna.open(wish, 'term1', { PATH: `/usr/local/bin:${bin}` }).hears('failed')
      expect(failed).toMatchObject({ kind: 'no-server', reason: expect.stringContaining(program) })
    })

    it('numbers that somebody else has taken: theirs stay', async () => {
      const taken = [0, 1].flatMap((n) => [`/tmp/.X11-unix/X${n}`, `/tmp/.X${n}-lock`]).join(' ')
      await lab.on('disp1', 'lab-as', 'bruno', 'touch', ...taken.split(' '))
      onTestFinished(() => lab.on('disp1', 'rm', ...taken.split(' ')).then(() => {}))
      expect((await anna.open().hears('open')).open.display).toBe(2)
      expect(await lab.on('disp1', 'stat', '-c', '%U', ...taken.split(' '))).toBe(
        'bruno\n'.repeat(4).trimEnd(),
      )
    })
  })

  describe('in the middle of it', () => {
    it('an X server that is killed ends the session', async () => {
      const { open } = await anna.open().hears('open')
      await lab.on('disp1', 'kill', '-KILL', String(open.server?.pid))
      await anna.leavesNothing()
    })

    it('a terminal that does not answer is told of, and one whose X server ends takes what is not kept with it', async () => {
      await anna.open().hears('open')
      onTestFinished(() => lab.run('restart', 'term1', 'Xvfb').then(() => {}))
      const screen = await lab.pid('term1', 'Xvfb')
      process.kill(screen, 'SIGSTOP')
      await expect.poll(async () => (await anna.channels())[0]?.silent).toBe('terminal')
      expect((await lab.vdd('display', 'list')).stdout).toMatch(/anna .* in trouble/)
      process.kill(screen, 'SIGKILL')
      await anna.leavesNothing()
    })

    it('control characters reach nobody’s terminal', async () => {
      const evil = 'te\u001b]0;rm\u0007\u009b31m\n'
      const { open } = await anna.open({ terminal: evil, system: evil }).hears('open')
      expect((await lab.vdd('session', 'message', open.id, '--text', evil, '--yes')).exitCode).toBe(0)
      for (const verb of ['display list', `display show ${open.id}`, 'events --since 1h']) {
        const { stdout, stderr } = await lab.vdd(...verb.split(' '))
        expect(stdout).not.toBe('')
        expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n\t]/u)
      }
    })

    it('lines that are cut for twenty seconds, to the machine and to the terminal: nothing is lost', async () => {
      const { open } = await anna.open().hears('open')
      const lines = async (to: 'up' | 'down') => {
        for (const host of ['desk1', 'term1']) await lab.on(host, 'ip', 'link', 'set', 'eth0', to)
      }
      await lines('down')
      onTestFinished(() => lines('up'))
      // TCP asks again after 0.2, 0.6, 1.4, 3, 6 and 13 s: when it has done so six times on both, twenty are about over.
      const asked = () => lab.on('disp1', 'ss', '-Htnio', 'dport = 22 or sport = 22')
      await expect.poll(asked).toMatch(/(backoff:[67].*){2}/s)
      // At once: after forty, sshd gives them up.
      await lines('up')
      await anna.sh('desk1', 'DISPLAY=localhost:10.0 xterm -e touch after')
      await anna.on('desk1', 'test', '-e', 'after')
      const { channels } = await anna.sight()
      expect(channels).toMatchObject([{ fate: 'alive', said: { id: open.id, state: 'open' } }])
      expect(await anna.on('term1', 'xwininfo', '-root', '-tree')).toContain(open.id)
      await expect.poll(async () => (await anna.channels())[0]?.silent).toBeUndefined()
    })
  })

  it('has fifty open at once, told of and closed one by one', async () => {
    const wish = { machine: { name: 'desk1' }, session: 'openbox', size: { width: 320, height: 240 } }
    const script = `for i in $(seq 50); do
        { { cat wish; sleep 600; } | setsid vdd channel keep > said.$i; } &
      done; sleep 600`
    await lab.onWith(JSON.stringify(wish), 'disp1', 'lab-as', 'anna', 'sh', '-c', 'cat > wish; echo >> wish')
    await lab.onWith(script, 'disp1', 'lab-as', 'anna', 'sh', '-c', 'cat > many')
    const line = lab.on(
      'term1',
      'lab-as',
      'anna',
      'ssh',
      '-X',
      '-o',
      'BatchMode=yes',
      'anna@disp1',
      'bash',
      'many',
    )
    line.catch(() => {})
    const open = async () => (await anna.channels()).filter(({ state }) => state === 'open')
    await expect.poll(async () => (await open()).length).toBe(50)
    await anna.on('disp1', 'pkill', 'sleep')
    const ids = (await open()).map(({ id }) => id)
    const told = JSON.parse((await lab.vdd('display', 'list', '--json')).stdout)
    expect(told.map((one: { channel: { id: string } }) => one.channel.id).toSorted()).toEqual(ids.toSorted())
    await anna.sh(
      'disp1',
      `echo ${ids.join(' ')} | xargs -n 1 -P 10 sh -c 'vdd channel tell $0 close --insist'`,
    )
    await anna.leavesNothing()
  })
})
