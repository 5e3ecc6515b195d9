import type { Fault } from './shapes'

/** What the service answered instead of what was asked for. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: Fault[]
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>) {
    super(text(body.detail) ?? text(body.title) ?? `HTTP ${status}`)
    this.status = status
    this.code = text(body.code) ?? ''
    this.errors = Array.isArray(body.errors) ? (body.errors as Fault[]) : []
    this.body = body
  }

  /** Whether trying again later may help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(-1, { detail: String(error) })
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
