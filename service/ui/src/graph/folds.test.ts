import { describe, expect, it } from 'vitest'
import type { GraphAnswer } from '../api/shapes'
import { rowsOf } from '../outline/tree'
import { drawn } from './folds'
import { modelOf, ofStance } from './model'
import { theses } from './roots'

type Said = [id: string, premises: string[], target: string, stance?: 'opposing']
const steps: Said[] = [
  ['a1', ['food'], 'thesis'],
  ['a2', ['rice'], 'food'],
  ['a3', ['harvest', 'weather'], 'rice'],
  ['a4', ['doubt'], 'a2', 'opposing'],
  ['a5', ['thesis'], 'other', 'opposing'],
]
const nodes = [
  { id: 'food', kind: 'motive', label: 'Fed by it.', name: 'food' },
  ...['thesis', 'other'].map((id) => ({ id, kind: 'statement' as const, label: id, origin: 'constructed' as const })),
  ...['rice', 'harvest', 'weather', 'doubt', 'alone'].map((id) => ({ id, kind: 'statement' as const, label: id })),
  ...steps.map(([id, , , stance = 'supporting' as const]) => ({ id, kind: 'argument' as const, label: id, stance })),
]
const edges = steps.flatMap(([id, premises, target]) => [
  ...premises.map((one) => ({ source: one, target: id, relation: 'premise_of' as const, key: 'premise_of' })),
  { source: id, target, relation: 'targets' as const, key: 'targets' },
])
const graph = { map: 'm', revision: 1, complete: true, reason: null, total_nodes: nodes.length, total_edges: edges.length }
const model = modelOf({ directed: true, multigraph: true, graph, nodes, edges } as unknown as GraphAnswer)
const none = { toggled: [], unfolded: false, keep: [] }

describe('what is drawn', () => {
  it('is at first theses, motives, what bears directly on motives, and what is in no argument', () => {
    const seen = drawn(model, none)
    expect([...seen.boxes].sort()).toEqual(['alone', 'doubt', 'food', 'other', 'rice', 'thesis'])
    expect([...seen.steps].sort()).toEqual(['a1', 'a2', 'a4', 'a5'])
    expect(seen.hidden.get('rice')).toEqual({ supporting: 1, opposing: 0 })
  })
  it('unfolds where the reader asks for it, and folds', () => {
    expect(drawn(model, { ...none, toggled: ['rice'] }).boxes.has('weather')).toBe(true)
    expect(drawn(model, { ...none, toggled: ['food'] }).boxes.has('rice')).toBe(false)
  })
  it('shows a kept node with the chain to what is seen', () => {
    const seen = drawn(model, { toggled: ['food'], unfolded: false, keep: ['harvest'] })
    expect(seen.boxes.has('rice')).toBe(true)
    expect(seen.steps.has('a2')).toBe(true)
  })
  it('is everything when unfolded', () => expect(drawn(model, { ...none, unfolded: true }).boxes.size).toBe(8))
})

it('names theses, the last one first', () => expect(theses(model)).toEqual(['other', 'thesis']))
it('leaves one stance alone', () => expect([...ofStance(model, 'opposing').steps.keys()]).toEqual(['a5']))
it('writes an outline that ends in spite of circles', () => {
  const circle: Said[] = [['c1', ['x'], 'y'], ['c2', ['y'], 'x']]
  const round = modelOf({
    graph,
    nodes: [...['x', 'y'].map((id) => ({ id, kind: 'statement', label: id })), ...circle.map(([id]) => ({ id, kind: 'argument', label: id, stance: 'supporting' }))],
    edges: circle.flatMap(([id, [one], target]) => [{ source: one, target: id, relation: 'premise_of' }, { source: id, target, relation: 'targets' }]),
  } as unknown as GraphAnswer)
  const rows = rowsOf(round, () => true, { theses: 'T', motives: 'M', others: 'O' })
  expect(rows.some((row) => row.again)).toBe(true)
  expect(rows.length).toBeLessThan(12)
  expect(drawn(round, none).boxes.size).toBe(2)
})
