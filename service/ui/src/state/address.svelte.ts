import { read, write, type ViewState } from './view_state'

/** The view that the address holds, as state; going somewhere is a step that the browser can take back. */
class Address {
  view: ViewState = $state.raw(read(location.search))

  /** Asked before a panel is left; says no where something typed would be lost. */
  guard: () => boolean = () => true

  constructor() {
    addEventListener('popstate', () => {
      const next = read(location.search)
      if (leaves(this.view, next) && !this.guard()) history.pushState(null, '', `${location.pathname}${write(this.view)}`)
      else this.view = next
    })
  }

  go(change: Partial<ViewState>, how: 'push' | 'replace' = 'push'): void {
    const next = { ...this.view, ...change }
    if (leaves(this.view, next) && !this.guard()) return
    const target = write(next)
    this.view = next
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

function leaves(from: ViewState, to: ViewState): boolean {
  return from.map !== to.map || from.panel !== to.panel || from.selected !== to.selected || from.form !== to.form
}

export const address = new Address()
