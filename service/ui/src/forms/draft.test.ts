import { describe, expect, it } from 'vitest'
import { argumentBody, argumentFaults, argumentOperations } from './argument'
import { cleaned, dense, differences, draftOf, makingOf, patchOf, slug, typedOf } from './draft'
import { faultAt, faultsElsewhere, faultsOf, plainFault } from './check'
import { FIELDS } from './fields'
import { likeness, wordsOf } from './similar'

const fields = FIELDS.statement
const node = { text: 'Old.', origin: 'author', concerns: [], credence: 0.5, scope: null, note: null, tags: [] }

describe('a draft', () => {
  it('patches what was changed and nothing else', () => {
    expect(patchOf(node, { ...draftOf(node, fields), text: ' New. ' }, fields)).toEqual({ text: 'New.' })
    expect(patchOf(node, draftOf(node, fields), fields)).toEqual({})
    expect(patchOf({ ...node, note: 'x' }, { ...draftOf(node, fields), note: '' }, fields)).toEqual({ note: null })
  })
  it('leaves out of a new node what was not filled in', () => {
    expect(dense(cleaned({ text: 'A.', note: ' ', credence: null }, fields))).toEqual({ text: 'A.' })
  })
  it('shows both sides of each field that differs', () => {
    const found = differences(node, { ...draftOf(node, fields), text: 'Mine.' }, { ...node, text: 'Theirs.', credence: 0.9 }, fields)
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

describe('what is typed into a picker', () => {
  const source = FIELDS.source
  it('is refused at its field as long as it is not chosen', () => {
    const [fault] = faultsOf({ title: 'A', source_kind: 'article', status: 'current', [typedOf('publisher')]: 'Reuters' }, source)
    expect([fault?.pointer, fault?.detail]).toEqual(['/publisher', expect.stringContaining('“Reuters” is typed but not chosen')])
  })
  it('is made on the spot, together with what it needs itself', () => {
    const publisher = { id: 'actor-1', text: 'Reuters', kind: 'actor' as const, fresh: { name: 'Reuters', actor_kind: 'outlet' } }
    const chosen = { id: 'source-1', text: 'War news', kind: 'source' as const, fresh: { title: 'War news', source_kind: 'article', publisher, published: '3 Nov 2024' } }
    expect(makingOf({ source: chosen }, FIELDS.assertion)).toEqual([
      { op: 'create', kind: 'actor', id: 'actor-1', value: { name: 'Reuters', actor_kind: 'outlet' } },
      { op: 'create', kind: 'source', id: 'source-1', value: { title: 'War news', source_kind: 'article', publisher: 'actor-1', published: '2024-11-03' } },
    ])
  })
})

describe('a new argument', () => {
  const speaker = { id: 'actor-2', text: 'Bea', kind: 'actor' as const, fresh: { name: 'Bea', actor_kind: 'person' } }
  const draft = { text: 'It rains.', stance: 'opposing', target: { id: 't', text: 'T' }, said_by: speaker, source: { id: 's', text: 'S' }, paragraph: 3 }

  it('is one transaction with everything that it makes', () => {
    const { operations, argument } = argumentOperations(draft, () => 'press', 'abcdefghijklmnop')
    expect(operations.map((one) => one.kind)).toEqual(['actor', 'statement', 'assertion', 'argument'])
    expect(operations[2]?.value).toEqual({ of: 'p-abcdefghijkl', source: 's', chain: ['press', 'actor-2'], locator: { paragraph: 3 } })
    expect(operations[3]).toEqual({ op: 'create', kind: 'argument', id: argument, value: { premises: ['p-abcdefghijkl'], stance: 'opposing', target: 't' } })
  })
  it('is the short form where the service has everything already', () => {
    const known = { ...draft, said_by: { id: 'ann', text: 'Ann' } }
    expect(argumentBody(known)).toEqual({ text: 'It rains.', stance: 'opposing', target: 't', actor: 'ann', source: 's', locator: { paragraph: 3 } })
    expect(argumentBody(draft)).toBe(null)
  })
  it('needs a source where it says who says it', () => {
    const faults = argumentFaults({ text: '', stance: 'supporting', target: null, said_by: speaker })
    expect(faults.map((one) => one.pointer)).toEqual(['/text', '/target', '/source'])
  })
})

it('says in plain words what a pattern means', () => {
  expect(plainFault({ pointer: '/url', detail: "does not match pattern '^https?://'" })).toContain('web address')
  expect(plainFault({ pointer: '/name', detail: 'is too long' })).toBe('is too long')
})
it('writes a word as the service keeps it', () => expect(slug(' Expert Opinion ')).toBe('expert-opinion'))
it('finds what is no number, no date and no address', () => {
  const faults = faultsOf({ title: 'A', source_kind: 'article', status: 'current', published: 'soon', url: 'nowhere' }, FIELDS.source)
  expect(faults.map((one) => one.pointer)).toEqual(['/published', '/url'])
})

it('keeps a no: more than 300 is another bound than from 300 on', () => {
  const given = { quantities: [{ min: 300, min_inclusive: false, unit: 't' }] }
  const rows = FIELDS.assertion.filter((field) => field.name === 'quantities')
  expect(dense(cleaned(draftOf(given, rows), rows)).quantities).toMatchObject([{ min: 300, min_inclusive: false }])
  expect(patchOf({ quantities: [{ min: 300 }] }, draftOf(given, rows), rows)).toHaveProperty('quantities')
})
