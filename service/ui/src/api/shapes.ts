/** What the page reads from the service; `schema.d.ts` is written from its OpenAPI document (`make types`). */
import type { components } from './schema'

type Said = components['schemas']

export type Kind = Said['GraphNode']['kind']
export type Stance = Said['PathStep']['stance']
export type Confidence = Said['PathStep']['confidence']
/** A map in a list has no counts, one that is asked for by itself has. */
export type MapHead = Said['MapItem'] & Partial<Pick<Said['CountedMap'], 'counts'>>

/** A node of any kind as the service sends it: its fields by name. */
export interface AnyNode {
  id: string
  kind: Kind
  version: number
  [field: string]: unknown
}

export type Link = Said['LinkItem']
export type GraphNode = Said['GraphNode']
export type GraphEdge = Said['GraphEdge']
export type GraphAnswer = Said['GraphDocument']
export type PathStep = Said['PathStep']
export type ArgumentPath = Said['Path']
export type PathsAnswer = Said['PathsAnswer']
export type SummaryAnswer = Said['Summary']
export type Hit = Said['SearchItem']
export type Similar = Said['Similar']
export type Fault = Said['FieldProblem']

export interface Listing<T> {
  items: T[]
  total: number
  next: string | null
}

export type Verdict = 'accepted' | 'rejected' | 'undecided'

export interface Judgement {
  verdict?: Verdict | null
  cause?: string | null
  strength?: number | null
}

export interface EvaluationAnswer {
  semantics: string
  nodes: (Judgement & { id: string; kind: Kind; method_sensitive?: boolean })[]
  complete?: boolean
}

export interface WhyAnswer extends Judgement {
  id: string
  deciding: string[]
  flip: { remove: string[]; to: Verdict } | null
  complete?: boolean
}

export interface Change {
  id: string
  before: Judgement | null
  after: Judgement | null
}

export interface WhatIfAnswer {
  evaluation?: { changed: Change[] }
  motives?: { id: string; rank_before: number | null; rank_after: number | null }[]
}

