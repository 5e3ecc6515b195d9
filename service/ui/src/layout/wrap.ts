/** The width of a text in pixels. */
export type Measure = (text: string) => number

/** Break a text into lines of a width; what exceeds the last line ends in an ellipsis. */
export function wrap(text: string, width: number, most: number, measure: Measure): string[] {
  // Nobody reads more than a few lines in a box; a text of a whole page is cut before it is measured.
  const words = text.slice(0, 600).split(/\s+/).filter(Boolean)
  const lines: string[] = []
  let line = ''
  for (const [at, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`
    if (measure(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (measure(line) > width && line.length > 1) {
      const part = fitting(line, width, measure)
      lines.push(line.slice(0, part))
      line = line.slice(part)
    }
    if (lines.length >= most) return cut(lines, most, width, measure, at < words.length)
  }
  if (line !== '') lines.push(line)
  return cut(lines, most, width, measure, text.length > 600)
}

/** A name in lines of which none breaks a word: one that is too long ends in an ellipsis. */
export function wrapName(name: string, width: number, most: number, measure: Measure): string[] {
  const words = name.split(/\s+/).filter(Boolean)
  const wide = words.findIndex((word) => measure(word) > width)
  if (wide < 0) return wrap(name, width, most, measure)
  return cut([words.slice(0, wide + 1).join(' ')], 1, width, measure, true)
}

/** Whether a text is read from the right: its first letter decides. */
export function rightToLeft(text: string): boolean {
  return /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(text)
}

function cut(lines: string[], most: number, width: number, measure: Measure, more: boolean): string[] {
  if (lines.length < most || (lines.length === most && !more)) return lines
  const kept = lines.slice(0, most)
  let last = kept[most - 1] ?? ''
  while (last !== '' && measure(`${last}…`) > width) last = last.slice(0, -1)
  kept[most - 1] = `${last.trimEnd()}…`
  return kept
}

function fitting(word: string, width: number, measure: Measure): number {
  let part = word.length - 1
  while (part > 1 && measure(word.slice(0, part)) > width) part -= 1
  return part
}
