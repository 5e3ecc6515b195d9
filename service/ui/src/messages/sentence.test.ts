import { expect, test } from 'vitest'
import { withNames } from './sentence'

const NAMES: Record<string, string> = { bread: 'Bread', 'p-1': 'She is hungry.', paper: 'The Paper' }
const named = (id: string): string => NAMES[id] ?? id

test.each([
  ['Ann added the statement “It is late” (p-9) and the argument a-9 for bread.', 'Ann added the statement “It is late” and the argument for “Bread”.'],
  ['Ann deleted the argument a-1 against p-1, the argument a-2 for bread and the assertion s-1 of p-1 in paper.', 'Ann deleted the argument against “She is hungry”, the argument for “Bread” and the passage of “She is hungry” in “The Paper”.'],
  ['Ann changed the text of the statement “The argument a-1 for bread (p-1)” (p-2) from “a (b)” to “c”.', 'Ann changed the text of the statement “The argument a-1 for bread (p-1)” from “a (b)” to “c”.'],
])('%s', (said, told) => expect(withNames(said, named)).toBe(told))
