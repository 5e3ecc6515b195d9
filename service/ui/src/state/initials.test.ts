import { expect, it } from 'vitest'
import { initials } from './initials'

it.each([
  ['The Korea Herald', 'KH'],
  ['EU Today', 'EU'],
  ['Reuters', 'Reu.'],
  ['NIS on pay of soldiers', 'NIS'],
])('shortens %s to %s', (name, short) => expect(initials(name)).toBe(short))
