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
