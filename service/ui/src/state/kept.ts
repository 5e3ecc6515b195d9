/** What was typed and is not saved yet, kept in this browser until it is saved or thrown away. */
const PREFIX = 'argumap.draft '

class Kept {
  read(place: string): string | null {
    try {
      return localStorage.getItem(PREFIX + place)
    } catch {
      return null
    }
  }

  write(place: string, text: string): void {
    if (text.trim() === '') return this.drop(place)
    try {
      localStorage.setItem(PREFIX + place, text)
    } catch {
      // A full or forbidden store of the browser only means that the draft does not outlive the tab.
    }
  }

  drop(place: string): void {
    try {
      localStorage.removeItem(PREFIX + place)
    } catch {
      // As above.
    }
  }
}

export const kept = new Kept()

/** A key that no other write has; a page that is not served over HTTPS has no randomUUID. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(36).padStart(2, '0')).join('')
}
