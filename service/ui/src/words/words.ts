import { en, type Words } from './en'

/** The words of the page in the reader's language; English is the only one so far. */
export const words: Words = en
