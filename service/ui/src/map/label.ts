import { MEASURES } from '../layout/measure'
import type { PlacedBox } from '../layout/layout'
import { capital, FOOT, LINE, PAD } from '../layout/sizes'
import type { Box } from '../graph/model'
import { wrap, wrapName, type Measure } from '../layout/wrap'

/** The words of a box as they are drawn at a scale: never smaller on the screen than can be read. */
export interface Label {
  title: { lines: string[]; size: number; step: number; top: number }
  text: { lines: string[]; size: number; step: number; top: number }
  /** Whether counts and sources under the text are still large enough. */
  foot: boolean
}

const LEAST = 12
const NONE = { lines: [], size: 0, step: 0, top: 0 }

/** Below the scale of reading, words grow and shorten; what would be a few letters is left out. O(words of the box). `tall` is how much room a title has besides the box. */
export function labelOf(box: PlacedBox, node: Box | undefined, k: number, tall = 0): Label {
  const own = 14
  const titleTop = PAD.y + 19
  const textTop = PAD.y + box.title.length * LINE.motive
  const text = { lines: box.lines, size: own, step: box.look === 'motive' ? LINE.claim : LINE[box.look], top: textTop + 13 }
  const title = { lines: box.title, size: 20, step: LINE.motive, top: titleTop }
  if (k * 14 >= LEAST - 0.05) return { title, text, foot: true }
  // In steps, so that words do not dance while the reader zooms.
  const size = Math.ceil(LEAST / k / 2) * 2
  const grown = (words: string, normal: number, height: number, measure: Measure, name = false): Label['text'] => {
    const most = Math.floor(height / (size * 1.2))
    const width = box.width - 2 * PAD.x
    if (most < 1 || width / size < (name ? 2.5 : 4.5)) return NONE
    const lines = (name ? wrapName : wrap)(words, (width * normal) / size, most, measure)
    return { lines, size, step: size * 1.2, top: size * 0.95 + PAD.y / 2 }
  }
  if (box.look === 'motive') {
    const name = capital(node?.title ?? '')
    if (size > 18) return { title: size <= 20 ? title : grown(name, 20, Math.max(box.height - 4, tall), MEASURES.motive, true), text: NONE, foot: false }
    const claim = grown(node?.text ?? '', 14, box.lines.length * LINE.claim + 4, MEASURES.claim)
    return { title, text: { ...claim, top: textTop + size * 0.9 }, foot: false }
  }
  if (size <= own) return { title: NONE, text, foot: false }
  const room = box.height - 6 - (box.foot && size < 18 ? FOOT / 2 : 0)
  return { title: NONE, text: grown(node?.text ?? '', own, room, MEASURES[box.look]), foot: false }
}
