/** “The Korea Herald” is KH, “Reuters” is Reu., “EU Today” is EU. */
export function initials(name: string): string {
  const words = name.split(/[\s,()]+/).filter((word) => word !== '' && !/^(the|of|and|a|to|in|on|for)$/i.test(word))
  const [first = name] = words
  if (/^\p{Lu}{2,4}$/u.test(first)) return first
  if (words.length < 2) return first.length <= 4 ? first : `${first.slice(0, 3)}.`
  return words
    .slice(0, 3)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
}

/**
 * As many short names as a row has room for, and how many more there are; `end` is the sign of what is said with
 * reservations only. The first name is told even where there is too little room: who says it is more than how firmly.
 */
export function nameLine(names: readonly string[], end: string, room: number, measure: (text: string) => number): string {
  const [first] = names
  if (first === undefined) return end
  const rest = (n: number, gap: string): string => (n < names.length ? `${gap}+${names.length - n}` : '')
  const sign = end === '' ? '' : ` ${end}`
  for (let n = Math.min(names.length, 3); n > 0; n -= 1) {
    const line = names.slice(0, n).join(' · ') + rest(n, ' ') + sign
    if (measure(line) <= room) return line
  }
  return [first + rest(1, '') + end, first + rest(1, '')].find((line) => measure(line) <= room) ?? first
}
