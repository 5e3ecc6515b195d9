import { call, isAbort } from '../api/client'
import { Problem } from '../api/problem'
import type { Change, Judgement, WhatIfAnswer } from '../api/shapes'
import { address } from './address.svelte'
import { evaluation } from './evaluation.svelte'
import { map, path } from './map.svelte'
import { viewParameters, type Sight } from './sight'

/** A question that changes nothing: what would flip if some nodes were gone or less credible. */
class WhatIf {
  answer: WhatIfAnswer | null = $state.raw(null)
  problem: Problem | null = $state.raw(null)
  asking = $state(false)
  #turn: AbortController | null = null

  changes: Map<string, Change> = $derived(new Map((this.answer?.evaluation?.changed ?? []).map((one) => [one.id, one])))
  /** What is not there any more: what was switched off, and the steps that cannot be without it. */
  gone: Set<string> = $derived(new Set([...this.changes.values()].filter((one) => !one.after).map((one) => one.id)))
  flipped: Set<string> = $derived(new Set([...this.changes.values()].filter(flips).map((one) => one.id)))

  async ask(sight: Sight): Promise<void> {
    this.#turn?.abort()
    const edits = editsOf(sight)
    if (edits.length === 0 || sight.map === null) {
      this.answer = this.problem = null
      this.asking = false
      return
    }
    const turn = new AbortController()
    this.#turn = turn
    this.asking = true
    try {
      const body = { edits, ask: ['evaluation', 'motives'] }
      const at = path(sight.map, 'what-if', viewParameters(sight))
      this.answer = (await call<WhatIfAnswer>(at, { method: 'POST', body, signal: turn.signal })).value
      this.problem = null
    } catch (error) {
      if (isAbort(error)) return
      this.answer = null
      this.problem = error instanceof Problem ? error : new Problem(0, { detail: String(error) })
    } finally {
      if (this.#turn === turn) this.asking = false
    }
  }
}

/** What vanishes has no verdict left that could have flipped. */
export function flips(change: Change): boolean {
  if (!change.after) return false
  return change.before?.verdict !== change.after.verdict || change.before?.cause !== change.after.cause
}

function editsOf(sight: Sight): object[] {
  const deleted = sight.off.map((id) => ({ op: 'delete', kind: kindOf(id), id, cascade: true }))
  const changed = Object.entries(sight.credences).map(([id, credence]) => ({ op: 'update', kind: kindOf(id), id, value: { credence } }))
  return [...deleted, ...changed]
}

function kindOf(id: string): string {
  const model = map.whole
  return model?.boxes.get(id)?.kind ?? (model?.steps.has(id) ? 'argument' : (map.names.get(id)?.kind ?? 'statement'))
}

export const whatIf = new WhatIf()

/** What the map shows of a node: its verdict now, or the one that it would get. */
export function sightJudgement(id: string): (Judgement & { sensitive?: boolean }) | null {
  const change = whatIf.changes.get(id)
  if (change) return change.after
  return address.sight.verdicts ? (evaluation.judgements.get(id) ?? null) : null
}
