import { counts, type Box, type Model } from '../graph/model'
import { GUTTER, INDENT } from './geometry'
import type { Measure } from './wrap'
import { wrap } from './wrap'

type Look = 'statement' | 'thesis' | 'motive'

/** A box with its words broken into lines: everything about it but its place. */
export interface Sized {
  id: string
  look: Look
  title: string[]
  lines: string[]
  width: number
  height: number
  /** Whether a row for counts, sources and folding stands under the text. */
  foot: boolean
}

export type Measures = Record<Look | 'claim', Measure>

export const LINE = { statement: 18, thesis: 18, motive: 26, claim: 18 } as const
export const PAD = { x: 11, y: 9 } as const
export const FOOT = 24
/** The narrowest and the widest statement. */
export const NARROW = 172
export const WIDE = 224
const THESIS_WIDTH = 262
const MOST_LINES = 6
/** A motive has its name above them, and its text is what it says: it is seldom cut. */
const MOTIVE_LINES = 5

/**
 * How wide a thesis is where so many of them (`row`) would stand in one row of a room: as many as can be read there
 * stand side by side, of which one may have reasons below it; `reason` is the width of these.
 */
export function thesisWidth(row: number, room: number, reason: number): number {
  const wide = Math.max(THESIS_WIDTH, reason)
  const rest = room - INDENT - reason
  const others = Math.min(row - 1, Math.floor(rest / (NARROW + GUTTER)))
  return others > 0 ? Math.floor(Math.max(NARROW, Math.min(wide, rest / others - GUTTER))) : wide
}

/** Break the words of a box into lines; O(words), of which nobody reads more than a few hundred letters in a box. */
export function sized(model: Model, box: Box, thesis: boolean, width: number, measures: Measures, sourced: boolean): Sized {
  const look: Look = box.kind === 'motive' ? 'motive' : thesis ? 'thesis' : 'statement'
  const inner = width - 2 * PAD.x
  const { supporting, opposing } = counts(model, box.id)
  const foot = supporting + opposing > 0 || model.stubs.has(box.id) || sourced || look === 'motive'
  const title = look === 'motive' ? wrap(capital(box.title ?? ''), inner, 2, measures.motive) : []
  const lines = look === 'motive' ? wrap(box.text, inner, MOTIVE_LINES, measures.claim) : wrap(box.text, inner, MOST_LINES, measures[look])
  const step = look === 'motive' ? LINE.claim : LINE[look]
  const height = 2 * PAD.y + title.length * LINE.motive + lines.length * step + (foot ? FOOT : 0)
  return { id: box.id, look, title, lines, width, height, foot }
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
