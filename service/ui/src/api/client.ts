import { encode, parse } from './digits'
import { HEADERS, takeEarly } from './early'
import { pending } from './pending.svelte'
import { Problem } from './problem'

export interface Answer<T> {
  value: T
  etag: string | null
}

export interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  /** A body that is no JSON: a plain text. */
  plain?: string
  ifMatch?: string | null
  idempotencyKey?: string
  signal?: AbortSignal
}

export async function call<T>(path: string, request: Request = {}): Promise<Answer<T>> {
  return (request.method ?? 'GET') === 'GET' ? ask<T>(path, request) : pending.during(() => ask<T>(path, request))
}

async function ask<T>(path: string, request: Request): Promise<Answer<T>> {
  const response = await send(path, request)
  const body = await read(response)
  if (!response.ok) throw new Problem(response.status, body as Record<string, unknown>)
  return { value: body as T, etag: response.headers.get('etag') }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await call<T>(path, signal ? { signal } : {})).value
}

/** What stands at an address as it came: a file is saved as the service made it, digit for digit. */
export async function bytes(path: string): Promise<Blob> {
  const response = await send(path, {})
  if (!response.ok) throw new Problem(response.status, (await read(response)) as Record<string, unknown>)
  return response.blob()
}

async function send(path: string, request: Request): Promise<Response> {
  const headers: Record<string, string> = { ...HEADERS }
  if (request.ifMatch) headers['if-match'] = request.ifMatch
  if (request.idempotencyKey) headers['idempotency-key'] = request.idempotencyKey
  if (request.plain !== undefined) headers['content-type'] = 'text/plain; charset=utf-8'
  if (request.body !== undefined) {
    headers['content-type'] = request.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  }
  try {
    const method = request.method ?? 'GET'
    const early = method === 'GET' ? takeEarly(path) : null
    if (early) return await early
    return await fetch(path, {
      method,
      headers,
      body: request.plain ?? (request.body === undefined ? null : encode(request.body)),
      signal: request.signal ?? null,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, { code: 'unreachable' })
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? {} : parse(text)
  } catch {
    // A proxy in between may answer in HTML; its status still says what happened.
    return { detail: '' }
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
