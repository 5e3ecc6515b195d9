import type { Judgement, Kind } from '../api/shapes'
import { capital } from '../layout/sizes'
import { counts, type Model } from '../graph/model'
import { theses } from '../graph/roots'

export const COLUMNS = ['kind', 'text', 'motive', 'supporting', 'opposing', 'bears', 'verdict', 'strength'] as const
export type Column = (typeof COLUMNS)[number]

export interface TableRow {
  id: string
  kind: Kind
  thesis: boolean
  text: string
  motive: string
  supporting: number
  opposing: number
  bears: number
  judged: Judgement | null
}

/** Statements and motives of the view, one to a row. */
export function rowsOf(model: Model, motiveName: (id: string) => string | undefined, judgement: (id: string) => Judgement | null): TableRow[] {
  const top = new Set(theses(model))
  return [...model.boxes.values()].map((box) => ({
    id: box.id,
    kind: box.kind,
    thesis: top.has(box.id),
    text: box.title ? `${capital(box.title)}: ${box.text}` : box.text,
    motive: box.concerns.map((id) => model.boxes.get(id)?.title ?? motiveName(id) ?? id).join(', '),
    ...counts(model, box.id),
    bears: model.outOf.get(box.id)?.length ?? 0,
    judged: judgement(box.id),
  }))
}

const RANK = ['accepted', 'undecided', 'rejected']

export function sorted(rows: TableRow[], column: Column, down: boolean): TableRow[] {
  const sign = down ? -1 : 1
  return [...rows].sort((a, b) => sign * compare(a, b, column) || (a.id < b.id ? -1 : 1))
}

function compare(a: TableRow, b: TableRow, column: Column): number {
  if (column === 'kind') return kindRank(a) - kindRank(b)
  if (column === 'verdict') return RANK.indexOf(a.judged?.verdict ?? '') - RANK.indexOf(b.judged?.verdict ?? '')
  if (column === 'strength') return (a.judged?.strength ?? -1) - (b.judged?.strength ?? -1)
  if (column === 'text' || column === 'motive') return a[column].localeCompare(b[column])
  return a[column] - b[column]
}

function kindRank(row: TableRow): number {
  return row.thesis ? 0 : row.kind === 'motive' ? 1 : 2
}
