import type { Judgement } from '../api/shapes'
import { messages } from '../messages/messages'

/** The four looks of a verdict: without ground is not the same as refuted. */
export function judgementClass(judged: Judgement | null | undefined): 'accepted' | 'rejected' | 'undecided' | 'no-ground' | null {
  if (!judged?.verdict) return null
  return judged.verdict === 'rejected' && judged.cause === 'no_ground' ? 'no-ground' : judged.verdict
}

export function verdictWord(judged: Judgement | null | undefined): string {
  const look = judgementClass(judged)
  if (look === null) return ''
  if (judged?.cause === 'premise') return messages.premise
  return look === 'no-ground' ? messages.noGround : messages.verdicts[look]
}

export function judgementWords(judged: Judgement & { sensitive?: boolean }): string {
  const strength = typeof judged.strength === 'number' ? messages.strength(judged.strength) : ''
  return [verdictWord(judged), strength, judged.sensitive ? messages.sensitive : ''].filter(Boolean).join(', ')
}
