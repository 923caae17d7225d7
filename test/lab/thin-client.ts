import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { until } from '../support/until.ts'

type Colour = readonly [red: number, green: number, blue: number]

const black: Colour = [0, 0, 0]
const white: Colour = [255, 255, 255]
/** Of the desk's window: what it stands on (MidnightBlue), and its headings. */
const ground: Colour = [25, 25, 112]
const heading: Colour = [0, 255, 255]
/** The ground that openbox is given. */
const openbox: Colour = [46, 139, 87]

/** A command of `sh` by which a person's openbox has a ground of its own colour from now on, and these windows on it. */
export const groundWith = (windows: string) =>
  `mkdir -p .config/openbox && echo "xsetroot -solid '#${Buffer.from(openbox).toString('hex')}'; ${windows}" > .config/openbox/autostart`

/** Height of a line of text on the console, in pixels. */
const lineHeight = 16

/** What a screen shows. */
export class Photo {
  readonly png: Buffer
  readonly #pixels: Buffer
  readonly #width: number

  /** @param pnm the same as the PNG: P6, three bytes a pixel */
  constructor(png: Buffer, pnm: Buffer) {
    const head = /^P6\s(\d+)\s\d+\s255\s/.exec(pnm.subarray(0, 32).toString('latin1'))
    if (!head) throw new Error('no picture')
    this.png = png
    this.#width = Number(head[1])
    this.#pixels = pnm.subarray(head[0].length)
  }

  /** How much of it is of this colour, from 0 to 1. */
  share(colour: Colour): number {
    return this.#count(this.#pixels, colour) / (this.#pixels.length / 3)
  }

  /** Pixels of the console's line, from 0, that are not black. */
  inkOfLine(line: number): number {
    const bytes = this.#width * lineHeight * 3
    const pixels = this.#pixels.subarray(line * bytes, (line + 1) * bytes)
    return pixels.length / 3 - this.#count(pixels, black)
  }

  isAs(other: Photo): boolean {
    return this.#pixels.equals(other.#pixels)
  }

  #count(pixels: Buffer, [red, green, blue]: Colour): number {
    let found = 0
    for (let at = 0; at < pixels.length; at += 3)
      if (pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue) found++
    return found
  }
}

/** A page of the desk on which something is chosen: its ground, and the bar of what is selected. */
const isChoice = (photo: Photo) => photo.share(ground) > 0.8 && photo.share(white) > 0.02

/** The thin client of the lab's part `terminal`, as who sits in front of it has it: a screen, keys, and the switch. */
export class ThinClient {
  readonly #lab: string
  readonly #name: string

  /** @param lab the lab's directory */
  constructor(lab: string, name = 'term3') {
    this.#lab = lab
    this.#name = name
  }

  /** Presses the keys of a text; `<ret>` and `<ctrl-alt-f2>` are keys by QEMU's names. */
  async keys(...texts: string[]): Promise<void> {
    await this.#run('keys', ...texts)
  }

  async power(...to: ['off'] | ['on'] | ['on', 'classical']): Promise<void> {
    await this.#run('power', ...to)
  }

  async photo(): Promise<Photo> {
    const png = Buffer.from(await this.#run('photo'))
    const { stdout } = await execa('pngtopnm', { input: png, encoding: 'buffer' })
    return new Photo(png, Buffer.from(stdout))
  }

  /** Waits until the screen looks like this. */
  async shows(what: string, looks: (photo: Photo) => boolean): Promise<Photo> {
    return await until(what, async () => {
      const photo = await this.photo()
      return looks(photo) && photo
    })
  }

  /** From the login on the console to the desk. */
  async logIn(person: string): Promise<Photo> {
    // A line of what it is, an empty one, and the question. What is typed before the next question is asked is thrown away.
    const ink = 100
    await this.shows('the login', (photo) => photo.inkOfLine(2) + photo.inkOfLine(3) > ink)
    await this.keys(`${person}<ret>`)
    await this.shows('the question for the password', (photo) => photo.inkOfLine(4) > ink)
    const password = readFileSync(join(this.#lab, 'display/secrets', `${person}.password`), 'utf8')
    await this.keys(`${password}<ret>`)
    return await this.desk()
  }

  /** The page of the desk on which a system is chosen, or whatever is asked first. */
  async desk(): Promise<Photo> {
    return await this.#settled('the desk', isChoice)
  }

  /** The next page on which something is chosen, under another heading. */
  async choiceAfter(before: Photo): Promise<Photo> {
    return await this.#settled(
      'the next choice',
      (photo) => isChoice(photo) && photo.share(heading) !== before.share(heading),
    )
  }

  /** The page with the headings of this one again. */
  async backAt(page: Photo): Promise<Photo> {
    return await this.#settled(
      'the page as before',
      (photo) => isChoice(photo) && photo.share(heading) === page.share(heading),
    )
  }

  /** What is painted bit by bit counts when it has stayed as it is. */
  async #settled(what: string, looks: (photo: Photo) => boolean): Promise<Photo> {
    let last: Photo | undefined
    return await this.shows(what, (photo) => {
      const stays = last?.isAs(photo) ?? false
      last = photo
      return stays && looks(photo)
    })
  }

  /** Openbox of a machine, with its windows: they cover this share of it, from 0 to 1. */
  async session(least: number, most: number): Promise<Photo> {
    return await this.#settled('openbox with its windows', (photo) => {
      const windows = 1 - photo.share(openbox)
      return windows >= least && windows <= most
    })
  }

  /** The same, and what is typed reaches a shell in one of them: a window is seen before it has the keyboard. */
  async shell(least: number, most: number): Promise<void> {
    const silent = await this.session(least, most)
    await until('a shell that hears', async () => {
      await this.keys('<ret>')
      return !(await this.photo()).isAs(silent)
    })
  }

  async #run(verb: string, ...args: string[]): Promise<Uint8Array> {
    const env = { VDD_LAB_DIR: this.#lab }
    const words = [verb, this.#name, ...args]
    const { stdout } = await execa(resolve('lab/lab'), words, { env, encoding: 'buffer', timeout: 300_000 })
    return stdout
  }
}
