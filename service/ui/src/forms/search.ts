import { get } from '../api/client'
import type { Hit, Kind, Listing } from '../api/shapes'

/** Nodes that a few letters may mean: called exactly so first, then those that begin so, then what holds the words. */
export async function found(q: string, map: string, kinds: readonly Kind[], name: (hit: Hit) => string, signal: AbortSignal): Promise<Hit[]> {
  const query = new URLSearchParams({ q: q.slice(0, 500), maps: map, limit: '20' })
  for (const kind of kinds) query.append('kinds', kind)
  const { items } = await get<Listing<Hit>>(`/v1/search?${query}`, signal)
  return ranked(items, q, name).slice(0, 12)
}

const LAST: readonly Kind[] = ['argument', 'assertion']

export function ranked(hits: readonly Hit[], q: string, name: (hit: Hit) => string): Hit[] {
  const typed = folded(q)
  const rank = (hit: Hit): number => {
    const texts = [folded(name(hit)), folded(hit.text)]
    const like = texts.some((text) => text === typed) ? 0 : texts.some((text) => text.startsWith(typed)) ? 1 : texts.some((text) => text.includes(typed)) ? 2 : null
    const near = like ?? (['text', 'name', 'title'].includes(hit.field ?? '') ? 3 : 4)
    // An argument is found by the words of what it joins; those themselves are meant more often.
    return near + (LAST.includes(hit.kind) ? 10 : 0)
  }
  return hits.map((hit, at) => ({ hit, at, rank: rank(hit) })).sort((a, b) => a.rank - b.rank || a.at - b.at).map((one) => one.hit)
}

function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()
}
