import { expect, it } from 'vitest'
import type { Hit } from '../api/shapes'
import { initials } from '../state/initials'
import { ranked } from './search'

const hit = (id: string, kind: Hit['kind'], text: string, field = 'text'): Hit => ({ map: 'm', id, kind, text, snippet: text, score: 1, field })

it('ranks what is called so first, then what begins so, and arguments last', () => {
  const hits = [hit('a', 'argument', 'Food supports joining'), hit('w', 'statement', 'Rice is dear', 'wording'), hit('b', 'statement', 'Food is short'), hit('c', 'statement', 'More food'), hit('m', 'motive', 'food')]
  expect(ranked(hits, 'Food', (one) => one.text).map((one) => one.id)).toEqual(['m', 'b', 'c', 'w', 'a'])
})
it.each([
  ['The Korea Herald', 'KH'],
  ['EU Today', 'EU'],
  ['Reuters', 'Reu.'],
  ['NIS on pay of soldiers', 'NIS'],
])('shortens %s to %s', (name, short) => expect(initials(name)).toBe(short))
