/** Short words about what was done, shown and read out; the last one stays until the next. */
class Notices {
  text = $state('')
  #end: ReturnType<typeof setTimeout> | undefined

  say(text: string): void {
    this.text = text
    clearTimeout(this.#end)
    this.#end = setTimeout(() => (this.text = ''), 12_000)
  }
}

export const notices = new Notices()
