import { get } from '../api/client'
import type { Hit, Similar } from '../api/shapes'
import type { Model } from '../graph/model'

/** From here on two texts may well say the same. */
const ALIKE = 0.5

/** Statements that may say the same as what is typed: among those in view, and those that the service finds by its words. */
export async function similarTo(text: string, map: string, model: Model | null, signal: AbortSignal, except: string | null = null): Promise<Similar[]> {
  const words = wordsOf(text)
  if (words.length < 2) return []
  const texts = new Map<string, string>()
  for (const box of model?.boxes.values() ?? []) texts.set(box.id, box.text)
  const longest = [...new Set(words)].sort((a, b) => b.length - a.length).slice(0, 2)
  const query = new URLSearchParams({ q: longest.join(' '), maps: map, kinds: 'statement', limit: '50' })
  try {
    for (const hit of (await get<{ items: Hit[] }>(`/v1/search?${query}`, signal)).items) texts.set(hit.id, hit.text)
  } catch {
    // Without the service's help those in view are compared all the same.
  }
  return [...texts]
    .map(([id, one]) => ({ id, text: one, score: likeness(words, wordsOf(one)) }))
    .filter((one) => one.score >= ALIKE && one.id !== except)
    .sort((a, b) => b.score - a.score)
    .slice(0, 4)
}

/** Shared words, counted twice, by all words (Dice). */
export function likeness(a: readonly string[], b: readonly string[]): number {
  const [one, other] = [new Set(a), new Set(b)]
  if (one.size + other.size === 0) return 0
  return (2 * [...one].filter((word) => other.has(word)).length) / (one.size + other.size)
}

export function wordsOf(text: string): string[] {
  // A plural or an ending more is no other word.
  return (text.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2).map((word) => word.replace(/(?:es|s|ed|ing)$/u, ''))
}
