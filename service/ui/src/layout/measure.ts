import type { Drawn } from '../graph/folds'
import { counts, type Model } from '../graph/model'
import { sized, type Measures, type Sized } from './sizes'
import type { Measure } from './wrap'

const FAMILY = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif'
const TYPING = 156
const FONTS = {
  statement: `14px ${FAMILY}`,
  thesis: `600 14px ${FAMILY}`,
  motive: `650 20px ${FAMILY}`,
  claim: `14px ${FAMILY}`,
} as const
const known = new Map<string, Map<string, number>>()
let canvas: CanvasRenderingContext2D | null = null

/** A measure for one font; widths of words are kept, since maps repeat their words. */
function measureOf(font: string): Measure {
  const widths = known.get(font) ?? new Map<string, number>()
  known.set(font, widths)
  return (text) => {
    let width = 0
    for (const [at, word] of text.split(' ').entries()) width += (at > 0 ? wordWidth(' ') : 0) + wordWidth(word)
    return width
  }

  function wordWidth(word: string): number {
    let width = widths.get(word)
    if (width === undefined) {
      canvas ??= document.createElement('canvas').getContext('2d')
      if (!canvas) return word.length * 8
      canvas.font = font
      width = canvas.measureText(word).width
      widths.set(word, width)
    }
    return width
  }
}

/** How wide the words of each kind of box are; a canvas measures, so that thousands need no layout of the page. */
export const MEASURES: Measures = {
  statement: measureOf(FONTS.statement),
  thesis: measureOf(FONTS.thesis),
  motive: measureOf(FONTS.motive),
  claim: measureOf(FONTS.claim),
}

/** The sizes of boxes, each worked out once as long as its words stay. */
export class Sizes {
  readonly #known = new Map<string, Sized>()

  /** `typing` is a box in which somebody writes: it has room for a few lines and its buttons. */
  of(model: Model, drawn: Drawn, theses: ReadonlySet<string>, widthOf: (id: string, thesis: boolean) => number, sourced: (id: string) => boolean, typing: ReadonlySet<string>): Map<string, Sized> {
    const found = new Map<string, Sized>()
    for (const id of drawn.boxes) {
      const box = model.boxes.get(id)
      if (!box) continue
      const thesis = theses.has(id)
      const width = widthOf(id, thesis)
      const foot = sourced(id)
      const { supporting, opposing } = counts(model, id)
      const key = `${id} ${width} ${thesis} ${foot || supporting + opposing > 0} ${model.stubs.has(id)} ${box.title ?? ''} ${box.text}`
      let size = this.#known.get(key)
      if (!size) {
        size = sized(model, box, thesis, width, MEASURES, foot)
        this.#known.set(key, size)
      }
      found.set(id, typing.has(id) ? { ...size, height: Math.max(size.height, TYPING) } : size)
    }
    return found
  }
}
