import type { Stance } from '../api/shapes'

/** A passage of a text in code points. */
export interface Marked {
  start: number
  end: number
}

/** The text beside the map: what is looked at in the one lights in the other. */
class Reading {
  /** Nodes that are said where the reader looks. */
  lit: readonly string[] = $state.raw([])
  /** The node of the map that is looked at. */
  looked: string | null = $state(null)
}

export const reading = new Reading()

/** A passage as the address holds it, `284-367`. */
export function markedOf(text: string | null): Marked | null {
  const found = /^(\d{1,9})-(\d{1,9})$/.exec(text ?? '')
  const [start, end] = [Number(found?.[1]), Number(found?.[2])]
  return found && start < end ? { start, end } : null
}

/** The stance of what is said in a passage, for its colour; none where it differs. */
export function stanceOf(stances: readonly (Stance | null)[]): Stance | null {
  const [first] = stances
  return first !== undefined && stances.every((one) => one === first) ? first : null
}
