import type { Problem } from '../api/problem'

interface NoticeAction {
  label: string
  run: () => void
}

/** Short words about what was done, shown and read out; the last one stays until the next. */
class Notices {
  text = $state('')
  /** What can still be done about it: undo. */
  action: NoticeAction | null = $state.raw(null)
  /** A write without a form that was refused; it stays until it is closed. */
  problem: Problem | null = $state.raw(null)
  #end: ReturnType<typeof setTimeout> | undefined

  say(text: string, action?: NoticeAction): void {
    this.text = text
    this.action = action ?? null
    this.problem = null
    clearTimeout(this.#end)
    // What can be undone stays until it is closed or something else is said.
    if (!action) this.#end = setTimeout(() => (this.text = ''), 12_000)
  }

  refuse(problem: Problem): void {
    this.close()
    this.problem = problem
  }

  close(): void {
    this.text = ''
    this.action = null
    this.problem = null
  }
}

export const notices = new Notices()
