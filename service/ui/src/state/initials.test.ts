import { expect, it } from 'vitest'
import { initials, nameLine } from './initials'

it.each([
  ['The Korea Herald', 'KH'],
  ['EU Today', 'EU'],
  ['Reuters', 'Reu.'],
  ['NIS on pay of soldiers', 'NIS'],
])('shortens %s to %s', (name, short) => expect(initials(name)).toBe(short))

it.each([
  [40, 'EU · KH · NIS +1 ≈'],
  [16, 'EU · KH +2 ≈'],
  [7, 'EU +3 ≈'],
  [5, 'EU+3≈'],
  [4, 'EU+3'],
  [1, 'EU'],
])('names who says it in a row of %i letters: %s', (room, told) => expect(nameLine(['EU', 'KH', 'NIS', 'Reu.'], '≈', room, (text) => text.length)).toBe(told))
it('says nothing of who where nobody does', () => expect(nameLine([], '', 40, (text) => text.length)).toBe(''))
