import { counts, type Box, type Model } from '../graph/model'
import { wrap, type Measure } from './wrap'

type Look = 'statement' | 'thesis' | 'motive'

/** A box with its words broken into lines: everything about it but its place. */
export interface Sized {
  id: string
  look: Look
  title: string[]
  lines: string[]
  width: number
  height: number
  /** Whether a row for counts and folding stands under the text. */
  foot: boolean
}

export interface Measures {
  statement: Measure
  thesis: Measure
  motive: Measure
  claim: Measure
}

export const LINE = { statement: 18, thesis: 23, motive: 26, claim: 18 } as const
const WIDTH = { statement: 198, thesis: 284, motive: 252 } as const
export const PAD = { x: 12, y: 9 } as const
export const FOOT = 24
const MOST_LINES = 6

export function sized(model: Model, box: Box, thesis: boolean, measures: Measures): Sized {
  const look: Look = box.kind === 'motive' ? 'motive' : thesis ? 'thesis' : 'statement'
  const width = WIDTH[look]
  const inner = width - 2 * PAD.x
  const { supporting, opposing } = counts(model, box.id)
  const foot = supporting + opposing > 0 || model.stubs.has(box.id)
  const title = look === 'motive' ? wrap(capital(box.title ?? ''), inner, 2, measures.motive) : []
  const lines = look === 'motive' ? wrap(box.text, inner, 3, measures.claim) : wrap(box.text, inner, MOST_LINES, measures[look])
  const step = look === 'motive' ? LINE.claim : LINE[look]
  const height = 2 * PAD.y + title.length * LINE.motive + lines.length * step + (foot ? FOOT : 0)
  return { id: box.id, look, title, lines, width, height, foot }
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
