import type { FieldSpec } from './fields'

export type Values = Record<string, unknown>

/** A copy of the fields that a form edits. */
export function draftOf(node: Values, fields: readonly FieldSpec[]): Values {
  return Object.fromEntries(fields.map(({ name }) => [name, structuredClone(node[name] ?? null)]))
}

/** The value as the service should get it: empty fields as null, empty rows left out. */
function clean(value: unknown, field: FieldSpec): unknown {
  if (field.as === 'group') {
    const inside = cleanGroup((value ?? {}) as Values, field.fields)
    return Object.values(inside).every((one) => one === null) ? null : inside
  }
  if (field.as === 'rows') return ((value ?? []) as Values[]).map((one) => dense(cleanGroup(one, field.fields)))
  if (field.as === 'nodes') return value ?? []
  if (field.as === 'lines') return ((value ?? []) as string[]).map((one) => one.trim()).filter(Boolean)
  if (field.as === 'pairs') return value ?? {}
  if (field.as === 'flag') return value === true
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim()
  return value ?? null
}

function cleanGroup(values: Values, fields: readonly FieldSpec[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, clean(values[field.name], field)]))
}

/** A new node has no nulls: what was not filled in is the service's own default. */
export function dense(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)))
}

export function cleaned(draft: Values, fields: readonly FieldSpec[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, clean(draft[field.name], field)]))
}

/** What differs between two states of a node, as a merge patch. */
export function patchOf(before: Values, after: Values, fields: readonly FieldSpec[]): Values {
  const patch: Values = {}
  for (const field of fields) {
    const old = clean(before[field.name], field)
    const now = clean(after[field.name], field)
    if (!equal(old, now)) patch[field.name] = merged(old, now)
  }
  return patch
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

export function differences(base: Values, mine: Values, theirs: Values, fields: readonly FieldSpec[]): Difference[] {
  return fields
    .map((field) => ({
      field,
      base: clean(base[field.name], field),
      mine: clean(mine[field.name], field),
      theirs: clean(theirs[field.name], field),
    }))
    .filter((one) => !equal(one.mine, one.theirs))
}

export function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b))
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([, one]) => one !== null && one !== undefined && one !== false)
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sortedKeys(one)]))
}

function isObject(value: unknown): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
