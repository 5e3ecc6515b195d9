import { fieldWord } from './messages'

/** A value of the service in plain words: lists with commas, objects as their parts. */
export function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(', ')
  if (value !== null && typeof value === 'object') {
    return Object.entries(value)
      .filter(([, one]) => one !== null && one !== '')
      .map(([name, one]) => `${fieldWord(name)}: ${plain(one)}`)
      .join(' · ')
  }
  return String(value)
}
