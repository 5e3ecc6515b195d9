/** What the page reads from the service; `schema.d.ts` is written from its OpenAPI document (`make types`). */
import type { components } from './schema'

type Said = components['schemas']

export type Kind = Said['GraphNode']['kind']
export type Stance = Said['PathStep']['stance']
export type Confidence = Said['PathStep']['confidence']
/** A map without its nodes. */
export type MapHead = Said['MapItem']

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

export type Verdict = Said['Standing']['verdict']
/** A node's verdict, strength or both, as far as they were asked for. */
export type Judgement = Partial<Said['Standing']>
export type EvaluationAnswer = Said['EvaluationAnswer']
export type WhyAnswer = Said['WhyAnswer']
export type Change = Said['ChangedStanding']
export type WhatIfAnswer = Said['WhatIfAnswer']
