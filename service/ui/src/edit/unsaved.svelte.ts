import { address } from '../state/address.svelte'
import { messages } from '../messages/messages'

/** Whether a form holds what is not saved yet; nothing that was typed is lost without asking. */
class Unsaved {
  form = $state(false)
}

export const unsaved = new Unsaved()

/** Whether the reader may go on: at once where nothing is unsaved, otherwise after asking. */
function leave(): boolean {
  if (!unsaved.form) return true
  // The browser's own question works with every keyboard and reader, and cannot be missed.
  if (!confirm(messages.form.unsaved)) return false
  unsaved.form = false
  return true
}

address.guard = leave

addEventListener('beforeunload', (event) => {
  if (unsaved.form) event.preventDefault()
})
