import { expect, it } from 'vitest'
import { describeLab, Lab } from './lab.ts'

describeLab('acting on a real Pacemaker cluster', () => {
  const lab = Lab.forThisFile('ha')

  /** Does it, and gives what was said of it before. */
  const does = async (...words: string[]): Promise<readonly string[]> => {
    const { stdout, stderr } = await lab.vdd('cluster', ...words, '--yes', '--json')
    const [result] = JSON.parse(stdout) as { ok: boolean; message: string; warnings: string[] }[]
    expect(result, stderr).toMatchObject({ ok: true })
    return result?.warnings ?? []
  }
  interface Status {
    readonly maintenance: boolean
    readonly nodes: readonly { name: string; state: string }[]
    readonly resources: readonly {
      name: string
      managed: boolean
      nodes: readonly { node: string }[]
      rules: readonly { id: string; until: string | null }[]
      failCounts: readonly object[]
    }[]
  }
  const status = async (): Promise<Status> =>
    JSON.parse((await lab.vdd('cluster', 'status', '--json')).stdout)[0]
  const address = async () => (await status()).resources.find(({ name }) => name === 'directory-ip')
  const where = async () => (await address())?.nodes.map(({ node }) => node).join(' ')
  const group = 'directory-ip, directory-storage and directory-slapd'

  it('moves by verb and leaves no rule; one that stays is shown, and cleared by key', async () => {
    const from = (await where()) ?? ''
    const to = from === 'ha1' ? 'ha2' : 'ha1'
    expect(await does('move', 'directory-ip', '--to', to)).toContain(`${group} move from ${from} to ${to}`)
    expect(await address()).toMatchObject({ nodes: [{ node: to }], rules: [] })
    await does('move', 'directory', '--to', from, '--hold', '2h')
    expect(await address()).toMatchObject({
      nodes: [{ node: from }],
      rules: [{ id: 'cli-prefer-directory', until: expect.stringMatching(/^20/) }],
    })
    const console = lab.open()
    await console.until('directory is held at')
    console.type(':resources')
    console.press('enter')
    await console.until('directory-slapd')
    console.press('c')
    await console.until('nothing is stopped, moved or started')
    console.press('y')
    await console.until(/Clear.*done|done.*Clear/i)
    expect(await address()).toMatchObject({ nodes: [{ node: from }], rules: [] })
  })

  it('puts a node on standby by what the other is told, and brings it back', async () => {
    const holder = (await where()) ?? ''
    const other = holder === 'ha1' ? 'ha2' : 'ha1'
    const { stdout } = await lab.vdd('cluster', 'standby', holder, '--dry-run')
    expect(stdout).toBe(`${other}$ /usr/sbin/crm_standby --node ${holder} --update on`)
    const both = await lab.vdd('cluster', 'standby', 'ha1', 'ha2', '--yes')
    expect(both).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('nowhere then; --force') })
    expect(await does('standby', holder)).toContain(`${group} move from ${holder} to ${other}`)
    expect((await status()).nodes.find(({ name }) => name === holder)?.state).toBe('standby')
    expect(await does('online', holder)).toContain(`watcher starts on ${holder}`)
    expect(await where()).toBe(other)
  })

  it('bans, leaves alone, rests, and takes all of it back', async () => {
    const holder = (await where()) ?? ''
    await does('ban', 'directory-ip', '--from', holder)
    expect(await where()).not.toBe(holder)
    await does('clear', 'directory-ip')
    await does('unmanage', 'directory-ip')
    expect((await address())?.managed).toBe(false)
    await does('manage', 'directory-ip')
    await does('maintenance', 'on')
    expect((await status()).maintenance).toBe(true)
    await does('maintenance', 'off')
    expect(await status()).toMatchObject({ maintenance: false })
    expect((await address())?.managed).toBe(true)
  })

  it('cleans up what has failed', async () => {
    const holder = (await where()) ?? ''
    const failures = async () =>
      (await status()).resources.find(({ name }) => name === 'directory-slapd')?.failCounts
    process.kill(await lab.pid(holder, 'slapd'), 'SIGKILL')
    await expect.poll(failures).toMatchObject([{ count: 1 }])
    expect(await does('cleanup', 'directory-slapd')).toContainEqual(
      expect.stringMatching(/^it failed: monitor on /),
    )
    expect(await failures()).toEqual([])
  })
})
