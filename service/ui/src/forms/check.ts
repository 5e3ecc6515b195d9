import type { Fault } from '../api/shapes'
import { fieldWord, messages } from '../messages/messages'
import { readDate } from './dates'
import { typedOf, type Chosen, type Values } from './draft'
import { ON_THE_SPOT, type FieldSpec } from './fields'

/** What can be told of a draft before it is sent: each fault at its field, in the words of the page. */
export function faultsOf(draft: Values, fields: readonly FieldSpec[], below = ''): Fault[] {
  return fields.flatMap((field) => faultsAt(draft, field, `${below}/${field.name}`))
}

function faultsAt(draft: Values, field: FieldSpec, pointer: string): Fault[] {
  const w = messages.faults
  const value = draft[field.name]
  const typed = String(draft[typedOf(field.name)] ?? '').trim()
  const fault = (detail: string): Fault[] => [{ pointer, detail }]
  if (typed !== '') return fault(w.notChosen(typed))
  if (field.as === 'group') return faultsOf((value ?? {}) as Values, field.fields, pointer)
  if (field.as === 'rows') return ((value ?? []) as Values[]).flatMap((row, at) => faultsOf(row, field.fields, `${pointer}/${at}`))
  if (field.as === 'node' || field.as === 'nodes') {
    const chosen = [value ?? []].flat() as Chosen[]
    if (chosen.length === 0) return field.required ? fault(w.required) : []
    return chosen.flatMap((one) => (one.fresh && one.kind ? faultsOf(one.fresh, ON_THE_SPOT[one.kind], `${pointer}/${one.id}`) : []))
  }
  const text = typeof value === 'string' ? value.trim() : value
  if (text === '' || text === null || text === undefined) return field.required ? fault(w.required) : []
  if (field.as === 'date' && readDate(String(text)) === undefined) return fault(w.date)
  if (field.as === 'url' && !/^https?:\/\/\S+$/.test(String(text))) return fault(w.url)
  if (field.as === 'credence') return Number(text) >= 0 && Number(text) <= 1 ? [] : fault(w.between(0, 1))
  if (field.as !== 'number') return []
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, whole = false } = field
  const number = Number(text)
  if (!Number.isFinite(number) || (whole && !Number.isInteger(number))) return fault(whole ? w.whole : w.number)
  return number >= min && number <= max ? [] : fault(max === Number.POSITIVE_INFINITY ? w.least(min) : w.between(min, max))
}

/** The fault that lies at a place of a document, or below it where nothing shows it closer. */
export function faultAt(faults: readonly Fault[], pointer: string, leaf: boolean): string | null {
  const found = faults.filter((one) => one.pointer === pointer || (leaf && one.pointer.startsWith(`${pointer}/`)))
  return found.length > 0 ? found.map((one) => plainFault(one)).join(' ') : null
}

/** Faults that belong to no field of the form; they stand above it. */
export function faultsElsewhere(faults: readonly Fault[], names: readonly string[]): Fault[] {
  return faults.filter((one) => !names.some((name) => one.pointer === `/${name}` || one.pointer.startsWith(`/${name}/`)))
}

/** What the service says of a field, for people: a pattern tells nobody what to do. */
export function plainFault(fault: Fault): string {
  const name = fault.pointer.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? ''
  if (!/pattern|regular expression|\^\[|\\S|JSON pointer/i.test(fault.detail)) return fault.detail
  return name === 'url' ? messages.faults.url : messages.faults.form(fieldWord(name))
}
