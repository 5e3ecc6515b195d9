import { get, isAbort } from '../api/client'
import { Problem } from '../api/problem'
import type { EvaluationAnswer, Judgement } from '../api/shapes'
import { path } from './map.svelte'
import { viewParameters, type Sight } from './sight'

/** Verdicts and strengths of the nodes in view. */
class Evaluation {
  judgements: Map<string, Judgement & { sensitive: boolean }> = $state.raw(new Map())
  problem: Problem | null = $state.raw(null)
  complete = $state(true)
  #key = ''

  async load(sight: Sight, revision: number): Promise<void> {
    if (sight.map === null) return
    const key = `${sight.map} ${revision} ${viewParameters(sight)}`
    if (key === this.#key) return
    this.#key = key
    const ask = (semantics: string): Promise<EvaluationAnswer> => {
      const query = viewParameters(sight)
      query.set('semantics', semantics)
      return get<EvaluationAnswer>(path(sight.map ?? '', 'evaluation', query))
    }
    try {
      const [verdicts, strengths] = await Promise.all([ask('grounded'), ask('quadratic-energy')])
      if (key !== this.#key) return
      const found = new Map<string, Judgement & { sensitive: boolean }>()
      for (const { id, verdict, cause, method_sensitive: sensitive } of verdicts.nodes) found.set(id, { verdict, cause, sensitive })
      for (const { id, strength } of strengths.nodes) found.set(id, { sensitive: false, ...found.get(id), strength })
      this.judgements = found
      this.complete = verdicts.complete !== false && strengths.complete !== false
      this.problem = null
    } catch (error) {
      this.#key = ''
      if (!isAbort(error)) this.problem = error instanceof Problem ? error : new Problem(0, { detail: String(error) })
    }
  }

  clear(): void {
    this.#key = ''
    this.judgements = new Map()
    this.problem = null
  }
}

export const evaluation = new Evaluation()
