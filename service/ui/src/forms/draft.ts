import type { Kind } from '../api/shapes'
import { writeDate, readDate, type Dating } from './dates'
import { ON_THE_SPOT, type FieldSpec } from './fields'

export type Values = Record<string, unknown>

/** A node that was chosen in a picker, or is to be made together with what chooses it. */
export interface Chosen {
  id: string
  text: string
  kind?: Kind
  /** The fields of a node that is not there yet. */
  fresh?: Values
}

/** What was typed into a picker and not chosen stands beside its field, so that it is neither lost nor saved. */
export const typedOf = (name: string): string => `${name}?`

/** A copy of the fields that a form edits, as the form holds them. */
export function draftOf(node: Values, fields: readonly FieldSpec[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, held(node[field.name] ?? null, field)]))
}

function held(value: unknown, field: FieldSpec): unknown {
  if (field.as === 'node') return typeof value === 'string' ? { id: value, text: '' } : value
  if (field.as === 'nodes') return ((value ?? []) as (string | Chosen)[]).map((one) => (typeof one === 'string' ? { id: one, text: '' } : one))
  if (field.as === 'date') return writeDate(value as Dating | null)
  if (field.as === 'group') return draftOf((value ?? {}) as Values, field.fields)
  if (field.as === 'rows') return ((value ?? []) as Values[]).map((row) => draftOf(row, field.fields))
  return structuredClone(value)
}

/** The value as the service should get it: empty fields as null, empty rows left out. */
function clean(value: unknown, field: FieldSpec, before?: unknown): unknown {
  if (field.as === 'group') {
    const inside = cleaned((value ?? {}) as Values, field.fields)
    return Object.values(inside).every((one) => one === null) ? null : inside
  }
  if (field.as === 'rows') return ((value ?? []) as Values[]).map((one) => dense(cleaned(one, field.fields)))
  if (field.as === 'node') return (value as Chosen | null)?.id ?? null
  if (field.as === 'nodes') return ((value ?? []) as Chosen[]).map((one) => one.id)
  if (field.as === 'date') return dateOf(String(value ?? ''), before)
  if (field.as === 'lines') return ((value ?? []) as string[]).map((one) => one.trim()).filter(Boolean)
  if (field.as === 'pairs') return value ?? {}
  if (field.as === 'flag') return value === true
  if (field.as === 'slug') return slug(String(value ?? '')) || null
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim()
  return value ?? null
}

/** A date that was not touched stays as it is, with its note. */
function dateOf(text: string, before: unknown): unknown {
  if (before && writeDate(before as Dating) === text.trim()) return before
  return readDate(text) ?? null
}

/** A word as the service keeps it: what people type with blanks and capitals is the same. */
export function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|-+$/g, '')
}

/** A new node has no nulls: what was not filled in is the service's own default. A no is an answer. */
export function dense(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)))
}

export function cleaned(draft: Values, fields: readonly FieldSpec[], before: Values = {}): Values {
  return Object.fromEntries(fields.map((field) => [field.name, clean(draft[field.name], field, before[field.name])]))
}

/** What differs between a node and its draft, as a merge patch. */
export function patchOf(before: Values, draft: Values, fields: readonly FieldSpec[]): Values {
  const old = cleaned(draftOf(before, fields), fields, before)
  const now = cleaned(draft, fields, before)
  const changed = fields.filter((field) => !equal(old[field.name], now[field.name]))
  return Object.fromEntries(changed.map(({ name }) => [name, merged(old[name], now[name])]))
}

/** Within an object a merge patch needs a null for each key that is gone. */
function merged(old: unknown, now: unknown): unknown {
  if (!isObject(old) || !isObject(now)) return now
  const gone = Object.keys(old).filter((key) => !(key in now))
  return { ...now, ...Object.fromEntries(gone.map((key) => [key, null])) }
}

/** A field where mine and theirs differ, with what it was before both. */
export interface Difference {
  field: FieldSpec
  base: unknown
  mine: unknown
  theirs: unknown
}

/** Compare a draft with what someone else saved meanwhile; all three as the service keeps them. */
export function differences(base: Values, draft: Values, theirs: Values, fields: readonly FieldSpec[]): Difference[] {
  const [was, my, their] = [cleaned(draftOf(base, fields), fields, base), cleaned(draft, fields, base), cleaned(draftOf(theirs, fields), fields, theirs)]
  return fields
    .map((field) => ({ field, base: was[field.name], mine: my[field.name], theirs: their[field.name] }))
    .filter((one) => !equal(one.mine, one.theirs))
}

export interface Operation {
  op: 'create'
  kind: Kind
  id: string
  value: Values
}

/** The nodes that a draft makes on the way, each after those that it needs itself. */
export function makingOf(draft: Values, fields: readonly FieldSpec[]): Operation[] {
  const found: Operation[] = []
  for (const field of fields) {
    const value = draft[field.name]
    if (field.as === 'group') found.push(...makingOf((value ?? {}) as Values, field.fields))
    if (field.as === 'rows') for (const row of (value ?? []) as Values[]) found.push(...makingOf(row, field.fields))
    if (field.as !== 'node' && field.as !== 'nodes') continue
    for (const one of [value ?? []].flat() as Chosen[]) {
      if (!one.fresh || !one.kind) continue
      const own = ON_THE_SPOT[one.kind]
      found.push(...makingOf(one.fresh, own), { op: 'create', kind: one.kind, id: one.id, value: dense(cleaned(one.fresh, own)) })
    }
  }
  return found.filter((one, at) => found.findIndex((other) => other.id === one.id) === at)
}

export function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b))
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([, one]) => one !== null && one !== undefined)
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sortedKeys(one)]))
}

function isObject(value: unknown): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
