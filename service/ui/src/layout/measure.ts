import type { Measure } from './wrap'

const FAMILY = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif'
const known = new Map<string, Map<string, number>>()
let canvas: CanvasRenderingContext2D | null = null

/** A measure for one font; widths of words are kept, since maps repeat their words. */
export function measureOf(font: string): Measure {
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

export const FONTS = {
  statement: `14px ${FAMILY}`,
  thesis: `600 18px ${FAMILY}`,
  motive: `650 21px ${FAMILY}`,
  claim: `14px ${FAMILY}`,
} as const
