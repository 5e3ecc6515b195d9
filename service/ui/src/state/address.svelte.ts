import { read, write, type ViewState } from './view_state'

/** The state of the view that the address holds; going somewhere is a step that the browser can take back. */
class Address {
  view: ViewState = $state.raw(read(location.search))

  constructor() {
    addEventListener('popstate', () => (this.view = read(location.search)))
  }

  go(change: Partial<ViewState>, how: 'push' | 'replace' = 'push'): void {
    this.view = { ...this.view, ...change }
    const target = write(this.view)
    if (target === location.search) return
    const address = `${location.pathname}${target}`
    if (how === 'push') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
  }

  /** Where a change would lead, for a real link. */
  href(change: Partial<ViewState>): string {
    return write({ ...this.view, ...change }) || '?'
  }

  select(id: string | null): void {
    this.go({ selected: id, panel: id ? 'node' : 'none' })
  }
}

export const address = new Address()
