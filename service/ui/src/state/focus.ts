/** Where the keyboard goes after a panel opened or closed; a reader without a mouse must not be thrown to the top. */
export const focus = {
  wanted: false,
  /** What opened the panel, where that is not a node of the map. */
  opener: null as HTMLElement | null,
}

export function returnToNode(id: string | null): void {
  const { opener } = focus
  focus.opener = null
  if (opener?.isConnected) return opener.focus()
  const node = id === null ? null : document.querySelector<HTMLElement>(`#main [data-id="${CSS.escape(id)}"]`)
  const first = document.querySelector<HTMLElement>('#main [data-id][tabindex="0"]')
  ;(node ?? first ?? document.getElementById('main'))?.focus()
}
