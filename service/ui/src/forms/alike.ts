import type { AnyNode, Similar } from '../api/shapes'
import { called } from '../state/called.svelte'
import { map } from '../state/map.svelte'
import { likeness, similarTo, wordsOf } from './similar'

/** From here on two names may well be of one. */
const ALIKE = 0.5
const MOST = 5

/** Nodes of the same kind that may be the same as this one, the likeliest first; none of which it was told apart. */
export async function alikeTo(node: AnyNode, mapId: string, signal: AbortSignal): Promise<Similar[]> {
  const apart = new Set((node.different_from ?? []) as string[])
  const others = node.kind === 'statement' ? await similarTo(String(node.text ?? ''), mapId, map.whole, signal, node.id) : node.kind === 'argument' ? sameStep(node) : sameName(node)
  return others.filter((one) => !apart.has(one.id)).slice(0, MOST)
}

function sameName(node: AnyNode): Similar[] {
  const own = namesOf(node)
  return [...map.names.values()]
    .filter((one) => one.kind === node.kind && one.id !== node.id)
    .map((one) => ({ id: one.id, text: called(one.id), score: Math.max(0, ...namesOf(one).flatMap((name) => own.map((mine) => close(mine, name)))) }))
    .filter((one) => one.score >= ALIKE)
    .sort((a, b) => b.score - a.score)
}

function namesOf(node: AnyNode): string[] {
  return [node.name, node.title, ...((node.aliases ?? []) as string[])].filter((one): one is string => typeof one === 'string' && one !== '')
}

/** A name and its initials are as good as one. */
function close(a: string, b: string): number {
  if (initials(a) === b.toUpperCase() || initials(b) === a.toUpperCase()) return 0.9
  return likeness(wordsOf(a), wordsOf(b))
}

function initials(name: string): string {
  const words = name.match(/\p{Lu}[\p{L}\p{N}]*/gu) ?? []
  return words.length < 2 ? '' : words.map((word) => word[0]).join('')
}

/** Arguments of the same target and stance that share a premise. */
function sameStep(node: AnyNode): Similar[] {
  const premises = new Set((node.premises ?? []) as string[])
  return (map.whole?.into.get(String(node.target)) ?? [])
    .filter((step) => step.id !== node.id && step.stance === node.stance && step.premises.some((id) => premises.has(id)))
    .map((step) => ({ id: step.id, text: called(step.id), score: step.premises.filter((id) => premises.has(id)).length / Math.max(step.premises.length, premises.size) }))
}
