import { map } from './map.svelte'
import { path } from './questions'

/** Where the service tells nothing, changes are looked for after so many milliseconds, and every sixth time it is asked to tell again. */
const LOOKS = 5000
const TRIES = 6

/** What others write, told by the service as it happens; where it cannot tell, the page looks by itself. */
class Live {
  /** The newest revision that was heard of. */
  revision = $state(0)

  /** Follow a map from a revision on; the function given back ends it. */
  follow(id: string, since: number): () => void {
    this.revision = since
    let timer: ReturnType<typeof setTimeout> | undefined
    let looks = 0
    let stream: EventSource
    const look = async (): Promise<void> => {
      looks += 1
      if (looks % TRIES === 0) return open()
      this.#hear(await map.newest())
      timer = setTimeout(() => void look(), LOOKS)
    }
    const open = (): void => {
      // The browser comes again by itself where it was cut off, with the last revision that it was told.
      stream = new EventSource(path(id, 'changes', new URLSearchParams({ since: String(Math.max(since, this.revision)) })))
      stream.addEventListener('change', (event: MessageEvent<string>) => this.#hear(Number(event.lastEventId)))
      for (const name of ['reset', 'gone']) stream.addEventListener(name, () => void map.reload())
      stream.addEventListener('error', () => {
        if (stream.readyState === EventSource.CLOSED) timer = setTimeout(() => void look(), LOOKS)
      })
    }
    open()
    return () => {
      clearTimeout(timer)
      stream.close()
    }
  }

  #hear(revision: number): void {
    this.revision = Math.max(this.revision, revision)
  }
}

export const live = new Live()
