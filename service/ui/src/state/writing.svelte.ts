import { call } from '../api/client'
import { asProblem, type Problem } from '../api/problem'
import type { AnyNode, Similar, Stance } from '../api/shapes'
import { linksOf, type Box, type Model, type Step } from '../graph/model'
import { messages } from '../messages/messages'
import { freshKey, kept } from './kept'
import { map, path } from './map.svelte'
import { undoing } from './undoing.svelte'

/** A sentence that is typed on the map, or was typed and is not there yet. */
export interface Sentence {
  id: string
  text: string
  /** Null is the first claim of a map, which is for or against nothing. */
  stance: Stance | null
  target: string | null
  /** `waiting` is what was left unsaved or was refused. */
  state: 'typing' | 'saving' | 'waiting'
  problem: Problem | null
  /** The statement that the service made of it. */
  made: string | null
}

const CLAIM = '~claim'

/** Writing on the map: sentences stand in their place from the first letter, and none is lost before it is saved. */
class Writing {
  sentences: Sentence[] = $state.raw([])
  /** Arguments that were saved, by what they were called while they were typed. */
  readonly renamed = new Map<string, string>()
  typing: Sentence | null = $derived(this.sentences.find((one) => one.state === 'typing') ?? null)

  /** Open an empty line for or against a node; what was typed before and not saved comes back. */
  start(stance: Stance | null, target: string | null): void {
    const others = this.sentences
      .filter((one) => one.state !== 'typing' || one.text.trim() !== '')
      .map((one): Sentence => (one.state === 'typing' ? { ...one, state: 'waiting' } : one))
    const id = `~${freshKey()}`
    const text = kept.read(this.#place(stance, target)) ?? ''
    this.sentences = [...others, { id, text, stance, target, state: 'typing', problem: null, made: null }]
  }

  type(text: string): void {
    const { typing } = this
    if (!typing) return
    this.#change(typing.id, { text, problem: null })
    kept.write(this.#place(typing.stance, typing.target), text)
  }

  /** Close the line; what stands in it stays kept until it is saved or emptied. */
  stop(): void {
    this.sentences = this.sentences.filter((one) => one.state !== 'typing')
  }

  discard(id: string): void {
    this.sentences = this.sentences.filter((one) => one.id !== id)
  }

  /** Take a refused sentence up again. */
  resume(id: string): void {
    this.stop()
    this.#change(id, { state: 'typing', problem: null })
  }

  /** Save what is typed and go on: with the next one beside it, or one level deeper. */
  async save(next: 'beside' | 'deeper' | 'none'): Promise<void> {
    const { typing } = this
    const text = typing?.text.trim() ?? ''
    if (!typing) return
    if (text === '') return this.stop()
    kept.drop(this.#place(typing.stance, typing.target))
    this.#change(typing.id, { state: 'saving', text })
    // The hand goes on typing at once; only what hangs on this sentence has to wait for it.
    if (next === 'beside' && typing.stance) this.start(typing.stance, typing.target)
    const made = await this.send(typing.id)
    if (made === null) return
    if (next === 'deeper') this.start('supporting', made)
    else if (next === 'beside' && !typing.stance) this.start('supporting', made)
  }

  /** Send a sentence, again if it was refused; answers the id of the statement that was made. */
  async send(id: string): Promise<string | null> {
    const one = this.sentences.find((sentence) => sentence.id === id)
    const mapId = map.head?.id
    if (!one || !mapId) return null
    this.#change(id, { state: 'saving', problem: null })
    try {
      const { made, argument, revision, similar } = await write(mapId, one)
      this.#change(id, { made })
      if (argument !== null) this.renamed.set(argument, `${id}>`)
      undoing.saved(revision, similar ? ` ${messages.form.similar}: ${similar.text}` : '')
      await map.reload(argument === null ? [made] : [made, argument])
      this.discard(id)
      return made
    } catch (error) {
      this.#change(id, { state: 'waiting', problem: asProblem(error) })
      kept.write(this.#place(one.stance, one.target), one.text)
      return null
    }
  }

  #change(id: string, change: Partial<Sentence>): void {
    this.sentences = this.sentences.map((one) => (one.id === id ? { ...one, ...change } : one))
  }

  #place(stance: Stance | null, target: string | null): string {
    return `${map.head?.id ?? ''} ${stance ?? CLAIM} ${target ?? ''}`
  }
}

/** One write for one sentence, however often it is sent: its id is the key by which the service knows it again. */
async function write(mapId: string, one: Sentence): Promise<{ made: string; argument: string | null; revision: number; similar: Similar | null }> {
  const idempotencyKey = `${mapId}${one.id}`
  if (one.stance === null || one.target === null) {
    const body = { text: one.text, origin: 'constructed' }
    const { value } = await call<AnyNode & { revision: number; similar?: Similar[] }>(path(mapId, 'statements'), { method: 'POST', body, idempotencyKey })
    return { made: value.id, argument: null, revision: value.revision, similar: value.similar?.[0] ?? null }
  }
  const body = { text: one.text, stance: one.stance, target: one.target }
  const { value } = await call<AnyNode & { revision: number; similar?: Similar[] }>(path(mapId, 'arguments'), { method: 'POST', body, idempotencyKey })
  return { made: (value.premises as string[])[0] ?? value.id, argument: value.id, revision: value.revision, similar: value.similar?.[0] ?? null }
}

/** The map with the sentences that are not there yet, each in its place. */
export function withSentences(model: Model, sentences: readonly Sentence[]): Model {
  const coming = sentences.filter((one) => one.made === null || !model.boxes.has(one.made))
  if (coming.length === 0) return model
  const boxes = new Map(model.boxes)
  const steps = new Map(model.steps)
  for (const { id, text, stance, target } of coming) {
    const box: Box = { id, kind: 'statement', text, title: null, constructed: stance === null, concerns: [], all: null }
    boxes.set(id, box)
    if (stance === null || target === null || !(boxes.has(target) || steps.has(target))) continue
    const step: Step = { id: `${id}>`, premises: [id], target, stance, confidence: 'medium', inferred: true, scheme: null, text: null }
    steps.set(step.id, step)
  }
  return { ...model, boxes, steps, ...linksOf(steps.values()) }
}

export const writing = new Writing()
