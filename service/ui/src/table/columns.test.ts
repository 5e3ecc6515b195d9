import { expect, it } from 'vitest'
import type { AnyNode } from '../api/shapes'
import { COLUMNS, csvOf, rowsOf, type Context } from './columns'

const context: Context = { called: (id) => id.toUpperCase(), model: null, judged: (id) => (id === 'b' ? { verdict: 'rejected', cause: 'opposed', standing: 'defeated' } : { verdict: 'accepted', cause: null, standing: 'upheld' }), sources: () => ['s'] }
const nodes: AnyNode[] = [
  { id: 'a', kind: 'statement', version: 1, text: 'Ten, or "more"' },
  { id: 'b', kind: 'statement', version: 1, text: '=1+1' },
  { id: 'c', kind: 'statement', version: 1, text: '9 lives' },
]
const columns = COLUMNS.statement.filter((one) => ['text', 'standing', 'sources'].includes(one.name))

const ids = (column: string, down = false): string[] => rowsOf(nodes, columns, context, '', { column, down }).map((row) => row.id)

it('sorts by what a column means, not by its letters alone', () => {
  expect(ids('standing')).toEqual(['a', 'c', 'b'])
  expect(ids('standing', true)).toEqual(['b', 'a', 'c'])
  expect(ids('text')).toEqual(['b', 'c', 'a'])
})
it('keeps the rows that hold every word', () => {
  expect(rowsOf(nodes, columns, context, 'ten MORE', null).map((row) => row.id)).toEqual(['a'])
})
it('writes a file that a spreadsheet reads and does not run', () => {
  const file = csvOf(columns, rowsOf(nodes, columns, context, '', null))
  expect(file.split('\r\n').slice(0, 3)).toEqual(['\uFEFFText,Standing,Sources', '"Ten, or ""more""",upheld,S', "'=1+1,defeated,S"])
})
it('has a column that names the row for every kind', () => {
  for (const list of Object.values(COLUMNS)) expect(list[0]?.standard).toBe(true)
})
