import { describe, expect, it } from 'vitest'
import { cleaned, dense, differences, draftOf, patchOf } from './draft'
import { faultAt, faultsElsewhere } from './faults'
import { FIELDS } from './fields'
import { likeness, wordsOf } from './similar'

const fields = FIELDS.statement
const node = { text: 'Old.', origin: 'asserted', concerns: [], credence: 0.5, scope: null, note: null, tags: [] }

describe('a draft', () => {
  it('patches what was changed and nothing else', () => {
    expect(patchOf(node, { ...draftOf(node, fields), text: ' New. ' }, fields)).toEqual({ text: 'New.' })
    expect(patchOf(node, draftOf(node, fields), fields)).toEqual({})
    expect(patchOf({ ...node, note: 'x' }, { ...node, note: '' }, fields)).toEqual({ note: null })
  })
  it('leaves out of a new node what was not filled in', () => {
    expect(dense(cleaned({ text: 'A.', note: ' ', credence: null }, fields))).toEqual({ text: 'A.' })
  })
  it('shows both sides of each field that differs', () => {
    const found = differences(node, { ...node, text: 'Mine.' }, { ...node, text: 'Theirs.', credence: 0.9 }, fields)
    expect(found.map((one) => [one.field.name, one.mine, one.theirs])).toEqual([
      ['text', 'Mine.', 'Theirs.'],
      ['credence', 0.5, 0.9],
    ])
  })
})

it('finds a fault at its field, or else above the form', () => {
  const faults = [{ pointer: '/locator/end', detail: 'too small' }, { pointer: '', detail: 'all of it' }]
  expect(faultAt(faults, '/locator', true)).toBe('too small')
  expect(faultAt(faults, '/locator', false)).toBe(null)
  expect(faultsElsewhere(faults, ['locator'])).toEqual([faults[1]])
})
it('sees likeness in words', () => {
  expect(likeness(wordsOf('Shells ease the shortage'), wordsOf('shell sales ease the food shortage'))).toBeGreaterThan(0.7)
  expect(likeness(wordsOf('One thing'), wordsOf('Quite another matter'))).toBe(0)
})
