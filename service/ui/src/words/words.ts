import { en, type Words } from './en'

/** The words of the page in the reader's language; English is the only one so far. */
export const words: Words = en

/** A field of a node in words. */
export const fieldWord = (name: string): string => words.fields[name] ?? name.replaceAll('_', ' ')

/** A choice of a field in words. */
export const choiceWord = (value: string): string => words.choices[value] ?? value
