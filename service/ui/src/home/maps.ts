import { parse } from '../api/digits'
import { call, get } from '../api/client'
import { Problem } from '../api/problem'
import type { MapHead } from '../api/shapes'
import { PLURALS } from '../forms/fields'
import { freshKey } from '../state/kept'
import { path } from '../state/questions'

/** A map as the service exports it and as a file holds it. */
export interface MapFile {
  map: { id?: string; title: string; question?: string; description?: string }
  nodes: Record<string, Record<string, unknown>[]>
}

/** So many nodes go into one request; a batch is checked as a whole, so what refers to another must come with it or after. */
const MOST = 2000
const ORDER = ['actors', 'sources', 'motives', 'statements', 'arguments', 'assertions'] as const

/** A name for the address that people can read; one that is taken gets an ending. */
export async function makeMap(head: { id?: string; title: string; question?: string; description?: string }): Promise<MapHead> {
  const name = head.id ?? addressOf(head.title)
  const tries = [...(name ? [name, `${name}-${freshKey().slice(0, 4)}`] : []), undefined]
  for (const id of tries) {
    try {
      const body = { ...head, ...(id === undefined ? {} : { id }) }
      if (id === undefined) delete body.id
      return (await call<MapHead>('/v1/maps', { method: 'POST', body })).value
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409) throw error
    }
  }
  throw new Problem(409, { detail: name })
}

function addressOf(title: string): string {
  return title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
}

export async function exported(map: string): Promise<MapFile> {
  return get<MapFile>(path(map, 'export', new URLSearchParams({ format: 'json' })))
}

/** Put the nodes of a file into an empty map; arguments may refer to one another, so they go together. */
export async function fill(map: string, file: MapFile): Promise<void> {
  let operations: unknown[] = []
  const send = async (): Promise<void> => {
    if (operations.length > 0) await call(path(map, 'batch'), { method: 'POST', body: { operations } })
    operations = []
  }
  for (const kind of ORDER) {
    const nodes = file.nodes[kind] ?? []
    if (operations.length + nodes.length > MOST) await send()
    for (const { id, version: _, ...value } of nodes) {
      if (operations.length >= MOST && kind !== 'arguments') await send()
      operations.push({ op: 'create', kind, id, value })
    }
  }
  await send()
}

/** Whether a file that a person chose is a map of this service; otherwise what is wrong with it. */
export function readFile(text: string): MapFile | null {
  try {
    const value = parse(text) as Partial<MapFile> & { format?: string }
    const known = new Set<string>(Object.values(PLURALS))
    const nodes = value.nodes && typeof value.nodes === 'object' && Object.entries(value.nodes).every(([kind, list]) => known.has(kind) && Array.isArray(list))
    return nodes && typeof value.map?.title === 'string' ? (value as MapFile) : null
  } catch {
    return null
  }
}
