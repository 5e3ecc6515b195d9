import { nameOf } from '../graph/model'
import { capital } from '../layout/sizes'
import { map } from './map.svelte'

/** What a node is called for people: its name, title or text; an argument by what it leads from and to. */
export function called(id: string, otherwise = ''): string {
  const named = map.names.get(id)
  if (named) return capital(String(named.name ?? named.title ?? otherwise ?? id))
  const { whole } = map
  if (whole?.boxes.has(id) || whole?.steps.has(id)) return nameOf(whole, id)
  return otherwise || id
}
