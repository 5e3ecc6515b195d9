import { address } from './address.svelte'
import type { Mode, PanelName } from './view_state'

/** How much room the window has, and what is shown where the address leaves it open. */
class Screen {
  wide = $state(matches(WIDE))
  narrow = $state(matches(NARROW))
  /** Whether somebody can look at it: a page behind others follows nothing. */
  visible = $state(!document.hidden)

  constructor() {
    watch(WIDE, (yes) => (this.wide = yes))
    watch(NARROW, (yes) => (this.narrow = yes))
    document.addEventListener('visibilitychange', () => (this.visible = !document.hidden))
  }

  /** In a narrow window words are met first; a drawing has to be asked for. */
  mode: Mode = $derived(address.view.mode ?? (this.narrow ? 'outline' : 'map'))

  /** Beside the map stands the brief, until the reader closes it or asks for something else. */
  panel: PanelName | null = $derived.by(() => {
    const { panel, selected } = address.view
    if (panel === 'none' || (panel === 'node' && selected === null)) return null
    return panel ?? (this.wide && this.mode === 'map' ? 'brief' : null)
  })
}

const WIDE = '(min-width: 72rem)'
const NARROW = '(max-width: 52rem)'

function matches(query: string): boolean {
  return matchMedia(query).matches
}

function watch(query: string, heard: (yes: boolean) => void): void {
  matchMedia(query).addEventListener('change', (event) => heard(event.matches))
}

export const screen = new Screen()
