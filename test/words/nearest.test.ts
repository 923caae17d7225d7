import { describe, expect, it } from 'vitest'
import { programOf } from '../../src/cli/program.ts'
import { didYouMean } from '../../src/text/did-you-mean.ts'
import { elsewhere, nearest } from '../../src/words/nearest.ts'

const nouns = 'machine frontend service host balancer directory fd runs-out alert events undo config demo'
const verbs = 'list start shutdown resume migrate show reboot pause off reset set xml create'
const machines = 'exam-01 exam-02 exam-11 debian-kde-01 debian-kde-02 web1'
const hosts = 'hv1 hv2 hv10 lb1 lb2 fe1 fe2'

describe('what was probably meant', () => {
  it.each([
    ['stop', 'shutdown off'],
    ['restart', 'reboot'],
    ['ls', 'list'],
    ['constructor', ''],
  ])('is by another name, as of virsh or systemctl: %s', (word, expected) => {
    expect(nearest(word, verbs.split(' '))).toEqual(expected.split(' ').filter(Boolean))
  })

  it.each([
    ['who', 'machine session display', 'session'],
    ['vm', 'machine session display', 'machine'],
    ['say', 'end message lock move', 'message'],
    ['wall', 'end message lock move', 'message'],
    ['kill', 'end message lock move', 'end'],
    ['end', 'close focus resize', 'close'],
    ['raise', 'close focus resize', 'focus'],
  ])('is by another name, as it is called of another noun: %s of %s', (word, known, expected) => {
    expect(nearest(word, known.split(' '))).toEqual([expected])
  })

  it('is by no name that is none here', () => {
    const all = programOf({ openConsole: async () => 0, version: '0', finish: () => {} }).all
    const names = all.map((one) => one.name())
    expect([...elsewhere.values()].flat().filter((one) => !names.includes(one))).toEqual([])
  })

  it.each([
    ['a letter left out', 'machin', nouns, 'machine'],
    ['a letter put in', 'eventts', nouns, 'events'],
    ['another letter', 'derectory', nouns, 'directory'],
    ['two that have changed places', 'lsit', verbs, 'list'],
    ['a vowel left out', 'lst', verbs, 'list'],
    ['capitals', 'EXAM-01', machines, 'exam-01'],
    ['a nought left out: not one that is further', 'exam-1', machines, 'exam-01'],
    ['a number that none has: the nearest few', 'hv9', hosts, 'hv1 hv2'],
    ['a beginning', 'migr', verbs, 'migrate'],
    ['a short beginning', 'hv', hosts, 'hv1 hv2'],
    ['a part', 'kde', machines, 'debian-kde-01 debian-kde-02'],
    ['a name with its domain', 'hv2.example.org', hosts, 'hv2'],
    ['the plural', 'machines', nouns, 'machine'],
  ])('is found for %s', (_what, word, known, expected) => {
    expect(nearest(word, known.split(' '))).toEqual(expected.split(' '))
  })

  it.each([
    ['nothing near', 'explode', verbs],
    ['a short word of other letters', 'ps', nouns],
    ['one letter', 'x', nouns],
    ['nothing', '', nouns],
    ['what nobody types', 'list'.repeat(50), verbs],
    ['no known words', 'list', ''],
  ])('is nothing for %s', (_what, word, known) => {
    expect(nearest(word, known.split(' ').filter(Boolean))).toEqual([])
    expect(didYouMean(word, known.split(' '))).toBeUndefined()
  })

  it('is at most three, each once', () => {
    const all = Array.from({ length: 40 }, (_, i) => `hv${i + 10}`)
    expect(nearest('hv1', [...all, ...all])).toEqual(['hv10', 'hv11', 'hv12'])
  })

  it('is asked in one way, and hostile text is text', () => {
    expect(didYouMean('exam-9', ['exam-1'])).toBe('Did you mean exam-1?')
    expect(didYouMean('exam-9', ['exam-1', 'exam-2'])).toBe('Did you mean exam-1 or exam-2?')
    expect(didYouMean('exam-9', ['exam-1', 'exam-2', 'exam-3'])).toBe(
      'Did you mean exam-1, exam-2 or exam-3?',
    )
    expect(didYouMean('evil', ['\u001bevil'])).toBe('Did you mean \\eevil?')
  })
})
