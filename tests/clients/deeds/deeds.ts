/** What the deeds of both TypeScript clients share: how a deed is run, and what must hold. */

export type Deeds = Record<string, () => Promise<void>>

/** Fails with both sides where they differ as JSON. */
export function same(found: unknown, wanted: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (left !== right) throw new Error(`${left} is not ${right}`)
}

/** A value that must be there. */
export function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error(`${value} where a value was expected`)
  return value
}

/** Does every deed and prints how each went: null, or what was wrong. */
export async function run(deeds: Deeds): Promise<void> {
  const went: Record<string, string | null> = {}
  for (const [name, deed] of Object.entries(deeds)) {
    try {
      await deed()
      went[name] = null
    } catch (error) {
      went[name] = error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
  }
  console.log(JSON.stringify(went))
}
