import { messages } from '../messages/messages'

/** A figure as a passage gives it; what it leaves open is null. */
export interface Quantity {
  value?: number | null
  min?: number | null
  max?: number | null
  min_inclusive?: boolean | null
  max_inclusive?: boolean | null
  unit?: string | null
  of?: string | null
  per?: string | null
  approximate?: boolean
  vague?: string | null
}

/** The figure in words, with the bounds that were said and no others. */
export function amount(one: Quantity): string {
  const w = messages.assertion
  const parts: string[] = []
  if (one.approximate) parts.push(w.approximately)
  if (typeof one.value === 'number') parts.push(number(one.value))
  else if (typeof one.min === 'number' && typeof one.max === 'number') parts.push(`${number(one.min)} – ${number(one.max)}`)
  else if (typeof one.max === 'number') parts.push(one.max_inclusive === false ? w.lessThan : w.upTo, number(one.max))
  else if (typeof one.min === 'number') parts.push(one.min_inclusive === false ? w.moreThan : w.atLeast, number(one.min))
  if (one.vague) parts.push(`“${one.vague}”`)
  if (one.unit) parts.push(one.unit)
  if (one.of) parts.push(`(${one.of})`)
  if (one.per) parts.push(w.per, one.per)
  return parts.join(' ')
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 3 })
}
