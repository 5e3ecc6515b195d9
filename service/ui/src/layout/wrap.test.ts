import { expect, it } from 'vitest'
import { rightToLeft, wrap, wrapName } from './wrap'

const ten = (text: string): number => text.length * 10

it('breaks at words', () => expect(wrap('one two three', 80, 5, ten)).toEqual(['one two', 'three']))
it('breaks a word that is wider than the line', () => expect(wrap('abcdefgh', 30, 5, ten)).toEqual(['abc', 'def', 'gh']))
it('ends in an ellipsis where lines are missing', () => expect(wrap('one two three four', 50, 2, ten)).toEqual(['one', 'two…']))
it('breaks no word of a name', () => {
  expect(wrapName('Space technology', 60, 2, ten)).toEqual(['Space…'])
  expect(wrapName('Space food', 60, 2, ten)).toEqual(['Space', 'food'])
})
it('has no line for no text', () => expect(wrap('  ', 50, 2, ten)).toEqual([]))
it('keeps a text that just fits', () => expect(wrap('one two', 30, 2, ten)).toEqual(['one', 'two']))
it('does not measure a whole page', () => expect(wrap('word '.repeat(5000), 100, 6, ten)).toHaveLength(6))
it('knows a text that is read from the right by its first letter', () => {
  expect(['«שלום»', '3. الانضمام', 'Bread (לחם)', ''].map(rightToLeft)).toEqual([true, true, false, false])
})
