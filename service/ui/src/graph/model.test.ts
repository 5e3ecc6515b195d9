import { expect, it } from 'vitest'
import { brief, linksOf, nameOf, type Box, type Model, type Step } from './model'

const box = (id: string, text: string): [string, Box] => [id, { id, kind: 'statement', text, title: null, constructed: false, concerns: [], all: null }]
const step = (id: string, premises: string[], target: string, stance: Step['stance']): [string, Step] => [
  id,
  { id, premises, target, stance, confidence: 'high', inferred: false, scheme: null, text: null },
]
const steps = new Map([step('a1', ['p', 'q'], 't', 'supporting'), step('a2', ['r'], 'a1', 'opposing')])
const boxes = new Map([box('p', 'It rains.'), box('q', 'It is cold.'), box('r', 'There is a roof.'), box('t', 'We stay in.')])
const model: Model = { boxes, steps, ...linksOf(steps.values()), stubs: new Map(), complete: true, reason: null, total: 6 }

it('names a step by what it leads from and to', () => {
  expect(nameOf(model, 'a1')).toBe('It rains + It is cold supports We stay in')
})
it('names what attacks a step by both ends of that step', () => {
  expect(nameOf(model, 'a2')).toBe('There is a roof challenges the inference from It rains + It is cold to We stay in')
})
it('leaves an unknown node its id', () => expect(nameOf(model, 'x')).toBe('x'))
it('cuts a long text', () => expect(brief('a'.repeat(300), 10)).toBe('aaaaaaaaa…'))
