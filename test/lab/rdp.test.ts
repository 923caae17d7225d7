import { beforeAll, expect, it } from 'vitest'
import { describeLab } from './lab.ts'
import { nothing, ScreenGround } from './screen-ground.ts'

/** An RDP server whose sessions write down what is typed; its certificate, of which it tells the SHA-256 at last. */
const server = `
  cd /etc/xrdp
  rm -f cert.pem key.pem
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=desk1 -keyout key.pem -out cert.pem 2> /dev/null
  cat > xrdp.ini <<'END'
[Globals]
ini_version=1
fork=true
port=3389
security_layer=tls
certificate=
key_file=
autorun=Xvnc
allow_channels=true
max_bpp=24
[Channels]
rdpdr=true
drdynvc=true
[Xvnc]
name=Xvnc
lib=libvnc.so
username=ask
password=ask
ip=127.0.0.1
port=-1
END
  printf '#!/bin/sh\\nexec xterm -geometry 170x60+0+0 -e sh -c "while read line; do echo \\\\$line >> heard; done"\\n' > startwm.sh
  chmod 755 startwm.sh
  mkdir -p /run/xrdp
  xrdp-sesman > /dev/null
  xrdp > /dev/null
  openssl x509 -in cert.pem -noout -fingerprint -sha256 | sed 's/.*=//'`

describeLab('the screen of a machine by RDP', () => {
  const ground = new ScreenGround()
  const { lab, as, channels, tell, left } = ground

  beforeAll(async () => {
    const certificate = (await lab.onWith(server, 'desk1', 'sh')).trim()
    const system = (name: string, shown: string) =>
      `    - {name: ${name}, title: Windows, shows: rdp, machines: [{name: web1, address: 10.78.0.11, certificate: '${shown}'}]}\n`
    const systems = system('windows', certificate) + system('other', certificate.replace(/^../, 'EE'))
    await lab.onWith(systems, 'disp1', 'sh', '-c', 'cat >> /etc/vdd/vdd.yaml')
  })

  it('takes the password that the person types, and hears their keys, all inside ssh', async () => {
    await ground.given('windows')
    const opening = ground.open('windows', 'web1')
    expect(await opening.hears('asks')).toMatchObject({ asks: 'password', attempt: 1, user: 'anna' })
    opening.answer({ password: ground.password('anna') })
    const { open: said } = await opening.hears('open')
    const line = await lab.on('disp1', 'ps', '-u', 'anna', '-o', 'args=')
    expect(line).toMatch(/xfreerdp .*\/from-stdin:force/)
    expect(line).not.toContain(ground.password('anna'))
    // What leaves the display server goes to an sshd.
    const peers = (await lab.on('disp1', 'ss', '-Htn'))
      .split('\n')
      .filter((one) => !/127\.0\.0\.1|::1/.test(one))
    for (const peer of peers) expect(peer).toMatch(/:22\s*$|:22\s+\S+\s*$/)
    await expect
      .poll(async () => {
        await as('anna', 'term1', 'xdotool', 'type', '--delay', '60', 'here')
        await as('anna', 'term1', 'xdotool', 'key', 'Return')
        return await lab.on('desk1', 'sh', '-c', 'cat /home/anna/heard || :')
      })
      .toMatch(/here/)
    await tell(said.id, 'lower')
    await tell(said.id, 'raise')
    // Who logs out there has left.
    await lab.on('desk1', 'pkill', '-u', 'anna', 'xterm')
    await expect.poll(channels).toEqual([])
    await expect.poll(left).toEqual(nothing)
  })

  it('shows nothing of a machine with another certificate, and tells it no password', async () => {
    await ground.given('other')
    const opening = ground.open('other', 'web1')
    await opening.hears('asks')
    opening.answer({ password: ground.password('anna') })
    const { failed } = await opening.hears('failed')
    expect(failed).toMatchObject({ kind: 'hostkey' })
  })
})
