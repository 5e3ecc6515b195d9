/**
 * Answers that are on their way already: what the first drawing needs is asked for while the page itself is still
 * being fetched and compiled. Each is taken once, by whoever asks first for the same.
 */
const asked = new Map<string, Promise<Response>>()

/** What every question says of itself. */
export const HEADERS: Readonly<Record<string, string>> = { accept: 'application/json' }

export function askEarly(paths: readonly string[]): void {
  for (const path of paths) {
    const answer = fetch(path, { headers: HEADERS })
    // Whoever takes it hears of a failure; one that nobody takes is nothing to complain of.
    answer.catch(() => undefined)
    asked.set(path, answer)
  }
}

/** The early answer to a question, or null where none was asked for or it is taken already. */
export function takeEarly(path: string): Promise<Response> | null {
  const answer = asked.get(path) ?? null
  asked.delete(path)
  return answer
}

/** What was asked for early and not taken by now is old. */
export function forgetEarly(): void {
  asked.clear()
}
