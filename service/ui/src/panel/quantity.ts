import { messages } from '../messages/messages'

/** A figure as a passage gives it; what it leaves open is null. */
export interface Quantity {
  /** Text where it has more digits than a number keeps. */
  value?: number | string | null
  min?: number | string | null
  max?: number | string | null
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
  if (known(one.value)) parts.push(number(one.value))
  else if (known(one.min) && known(one.max)) parts.push(`${number(one.min)} – ${number(one.max)}`)
  else if (known(one.max)) parts.push(one.max_inclusive === false ? w.lessThan : w.upTo, number(one.max))
  else if (known(one.min)) parts.push(one.min_inclusive === false ? w.moreThan : w.atLeast, number(one.min))
  if (one.vague) parts.push(`“${one.vague}”`)
  if (one.unit) parts.push(one.unit)
  if (one.of) parts.push(`(${one.of})`)
  if (one.per) parts.push(w.per, one.per)
  return parts.join(' ')
}

function known(value: number | string | null | undefined): value is number | string {
  return value !== null && value !== undefined
}

function number(value: number | string): string {
  return typeof value === 'string' ? value : value.toLocaleString('en', { maximumFractionDigits: 3 })
}
