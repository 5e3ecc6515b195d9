import type { Stance } from '../api/shapes'

/** An assertion where a text has it, as the service gives it; offsets are code points. */
export interface Passage {
  assertion: string
  of: string
  fit: 'exact' | 'found' | 'paragraph' | 'lost'
  start: number | null
  end: number | null
  paragraph: number | null
  stance: Stance | null
}

export interface SourceText {
  source: string
  characters: number
  text: string
  paragraphs: { number: number | null; start: number; end: number }[]
  passages: Passage[]
}

/** A part of a sentence in which the same passages lie everywhere. */
export interface Segment {
  start: number
  end: number
  text: string
  passages: Passage[]
}

interface Sentence {
  start: number
  end: number
  segments: Segment[]
}

export interface Paragraph {
  number: number | null
  start: number
  sentences: Sentence[]
}

/** A text in paragraphs, sentences and segments; code points are counted as the service counts them. */
export function paragraphsOf(source: SourceText): Paragraph[] {
  const points = Array.from(source.text)
  return source.paragraphs.map(({ number, start, end }) => {
    const inside = source.passages.filter((one) => one.start !== null && one.end !== null && one.start < end && one.end > start)
    const sentences = sentencesOf(points.slice(start, end).join('')).map((span) => {
      const [first, last] = [start + span[0], start + span[1]]
      const cuts = inside.flatMap((one) => [one.start as number, one.end as number]).filter((at) => at > first && at < last)
      const bounds = [...new Set([first, ...cuts, last])].sort((a, b) => a - b)
      const segments = bounds.slice(1).map((until, at) => {
        const from = bounds[at] as number
        return { start: from, end: until, text: points.slice(from, until).join(''), passages: inside.filter((one) => (one.start as number) < until && (one.end as number) > from) }
      })
      return { start: first, end: last, segments }
    })
    return { number, start, sentences }
  })
}

/** Titles and the like after which a full stop ends no sentence. */
const SHORT = /(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rep|Sen|Gen|Col|Lt|Gov|St|No|vs|etc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.\s*$/

/** The sentences of a paragraph as spans of code points; they join without a gap. */
function sentencesOf(text: string): [number, number][] {
  const spans: [number, number][] = []
  let start = 0
  let held = ''
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)) {
    held += segment
    if (SHORT.test(held)) continue
    const end = start + Array.from(held).length
    spans.push([start, end])
    start = end
    held = ''
  }
  if (held !== '') spans.push([start, start + Array.from(held).length])
  return spans
}
