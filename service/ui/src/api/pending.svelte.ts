import { Problem } from './problem'

/** Writes of this page that the service has not answered yet: what they did is told by their own answers. */
class Pending {
  writes = $state(0)
  /** How many were refused because nobody is signed in, or not any more. */
  unknown = $state(0)

  async during<T>(deed: () => Promise<T>): Promise<T> {
    this.writes += 1
    try {
      return await deed()
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.unknown += 1
      throw error
    } finally {
      this.writes -= 1
    }
  }
}

export const pending = new Pending()
