import type { AnyNode, Judgement, Kind } from '../api/shapes'
import { writeDate, type Dating } from '../forms/dates'
import { counts, type Model } from '../graph/model'
import { capital } from '../layout/sizes'
import { choiceWord, fieldWord, messages } from '../messages/messages'
import { amount, type Quantity } from '../panel/quantity'
import { standingOf, verdictWord } from '../parts/judgement'

/** What a cell shows, and what it is sorted by where that is something else. */
interface Cell {
  text: string
  sort?: number
}

export interface Column {
  name: string
  title: string
  /** Shown before the reader chose anything. */
  standard: boolean
  number?: boolean
  of: (node: AnyNode, context: Context) => Cell
}

/** What rows are told by besides their own fields. */
export interface Context {
  called: (id: string, otherwise?: string) => string
  model: Model | null
  judged: (id: string) => Judgement | null
  sources: (id: string) => string[]
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const textOf = (value: unknown): Cell => ({ text: value === null || value === undefined ? '' : String(value) })
const names = (value: unknown, context: Context): Cell => ({ text: listOf(value).map((id) => context.called(id)).join(', ') })
const named = (value: unknown, context: Context): Cell => ({ text: typeof value === 'string' ? context.called(value) : '' })

function column(name: string, standard: boolean, of: Column['of'], title = fieldWord(name)): Column {
  return { name, title: capital(title), standard, of }
}

const w = messages.table
const field = (name: string, standard = false): Column => column(name, standard, (node) => textOf(node[name]))
const choice = (name: string, standard = false): Column => column(name, standard, (node) => ({ text: node[name] ? choiceWord(name, node[name]) : '' }))
const number = (name: string, title: string, standard: boolean, of: (node: AnyNode, context: Context) => number | null): Column => ({
  name,
  title,
  standard,
  number: true,
  of: (node, context) => {
    const value = of(node, context)
    return value === null ? { text: '', sort: -1 } : { text: Number.isInteger(value) ? String(value) : value.toFixed(2), sort: value }
  },
})

const RANK = ['unchallenged', 'upheld', 'contested', 'open', 'defeated', 'unsupported']
const STANDING: Column = column(
  'standing',
  true,
  (node, context) => {
    const judged = context.judged(node.id)
    return { text: verdictWord(judged), sort: RANK.indexOf(standingOf(judged) ?? '') }
  },
  w.standing,
)
const STRENGTH = number('strength', w.strength, true, (node, context) => context.judged(node.id)?.strength ?? null)
const SUPPORTING = number('supporting', w.supporting, true, (node, context) => (context.model ? counts(context.model, node.id).supporting : null))
const OPPOSING = number('opposing', w.opposing, true, (node, context) => (context.model ? counts(context.model, node.id).opposing : null))
const USED = number('used', w.used, true, (node, context) => context.model?.outOf.get(node.id)?.length ?? 0)
const COMMON: Column[] = [
  field('note'),
  column('tags', false, (node) => ({ text: listOf(node.tags).join(', ') })),
  field('updated_at'),
  field('updated_by'),
  field('id'),
]

/** The columns of each kind in their order; the first one names the row and leads to the node. */
export const COLUMNS: Record<Kind, readonly Column[]> = {
  statement: [
    field('text', true),
    column('concerns', true, (node, context) => ({ text: ((node.concerns ?? []) as { motive: string }[]).map((concern) => context.called(concern.motive)).join(', ') }), w.motive),
    SUPPORTING,
    OPPOSING,
    USED,
    STANDING,
    STRENGTH,
    column('sources', true, (node, context) => ({ text: context.sources(node.id).map((id) => context.called(id)).join(', ') }), w.sources),
    choice('origin'),
    column('about', false, (node, context) => names(node.about, context)),
    field('credence'),
    field('scope'),
    ...COMMON,
  ],
  motive: [
    column('name', true, (node) => ({ text: capital(String(node.name ?? '')) })),
    field('text', true),
    column('actor', true, (node, context) => named(node.actor, context)),
    column('category', true, (node) => ({ text: String(node.category ?? '').replaceAll('-', ' ') })),
    SUPPORTING,
    OPPOSING,
    STANDING,
    STRENGTH,
    field('definition'),
    field('credence'),
    ...COMMON,
  ],
  argument: [
    column('premises', true, (node, context) => ({ text: listOf(node.premises).map((id) => context.called(id)).join(' + ') })),
    choice('stance', true),
    column('target', true, (node, context) => named(node.target, context)),
    choice('confidence', true),
    choice('basis', true),
    STANDING,
    { ...STRENGTH, standard: false },
    column('scheme', false, (node) => ({ text: String(node.scheme ?? '').replaceAll('-', ' ') })),
    field('warrant'),
    field('rationale'),
    ...COMMON,
  ],
  actor: [
    field('name', true),
    choice('actor_kind', true),
    field('role', true),
    column('affiliations', true, (node, context) => names(node.affiliations, context)),
    column('aliases', false, (node) => ({ text: listOf(node.aliases).join(', ') })),
    ...COMMON,
  ],
  source: [
    field('title', true),
    choice('source_kind', true),
    column('publisher', true, (node, context) => named(node.publisher, context)),
    column('published', true, (node) => ({ text: writeDate(node.published as Dating | null) })),
    choice('reliability', true),
    choice('status', true),
    column('author', false, (node, context) => names(node.author, context)),
    column('cited_in', false, (node, context) => names(node.cited_in, context)),
    field('url'),
    ...COMMON,
  ],
  assertion: [
    column('of', true, (node, context) => named(node.of, context)),
    column('said_by', true, (node, context) => named(listOf(node.chain).at(-1), context)),
    column('source', true, (node, context) => named(node.source, context)),
    number('paragraph', fieldWord('paragraph'), true, (node) => (node.locator as { paragraph?: number | null } | null)?.paragraph ?? null),
    choice('modality', true),
    column('hedges', false, (node) => ({ text: listOf(node.hedges).join(', ') })),
    field('wording', true),
    field('quote'),
    column('quantities', false, (node) => ({ text: ((node.quantities ?? []) as Quantity[]).map((quantity) => amount(quantity)).join('; ') })),
    column('chain', false, (node, context) => ({ text: listOf(node.chain).map((id) => context.called(id)).join(' → ') })),
    choice('polarity'),
    choice('basis'),
    choice('match'),
    ...COMMON,
  ],
}

export interface Row {
  id: string
  cells: Cell[]
}

/** The rows of the chosen columns that hold the words looked for, in order; O(rows log rows). */
export function rowsOf(nodes: readonly AnyNode[], columns: readonly Column[], context: Context, filter: string, sort: { column: string; down: boolean } | null): Row[] {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const rows = nodes
    .map((node): Row => ({ id: node.id, cells: columns.map((one) => one.of(node, context)) }))
    .filter((row) => {
      const all = row.cells.map((cell) => cell.text).join(' ').toLowerCase()
      return wanted.every((word) => all.includes(word))
    })
  const at = columns.findIndex((one) => one.name === sort?.column)
  if (sort === null || at < 0) return rows
  const sign = sort.down ? -1 : 1
  return rows.sort((a, b) => sign * compare(a.cells[at], b.cells[at]) || (a.id < b.id ? -1 : 1))
}

function compare(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.sort !== undefined && b?.sort !== undefined) return a.sort - b.sort
  // What is empty comes last, whichever way is sorted.
  return (a?.text ?? '').localeCompare(b?.text ?? '', undefined, { numeric: true })
}

/** The rows as a file for a spreadsheet (RFC 4180); a text that a spreadsheet would run as a formula is marked as one. */
export function csvOf(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [columns.map((one) => one.title), ...rows.map((row) => row.cells.map((one) => one.text))]
  return `\uFEFF${lines.map((line) => line.map(csvCell).join(',')).join('\r\n')}\r\n`
}

function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^[+-]?[\d.]+$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
