const ID = '[A-Za-z0-9._~-]+'
const BRACKETED = new RegExp(` \\((${ID})\\)`, 'g')
const ARGUMENT = new RegExp(`the argument (${ID}) (for|against) (${ID})(?=[ ,.]|$)`, 'g')
const PASSAGE = new RegExp(`the assertion (${ID}) of (${ID}) in (${ID})(?=[ ,.]|$)`, 'g')

/** What the service says of a change, with names in the place of ids; what stands in quotation marks is the map's own and stays. */
export function withNames(sentence: string, named: (id: string) => string): string {
  const quoted = (id: string): string => {
    // A full stop that ends the sentence is no part of the id.
    const stop = id.endsWith('.') ? '.' : ''
    return `“${named(stop ? id.slice(0, -1) : id).replace(/\.$/, '')}”${stop}`
  }
  return sentence
    .split(/(“[^”]*”)/)
    .map((part, n) =>
      n % 2 === 1
        ? part
        : part
            .replace(BRACKETED, '')
            .replace(ARGUMENT, (_, _id, does: string, target: string) => `the argument ${does} ${quoted(target)}`)
            .replace(PASSAGE, (_, _id, of: string, source: string) => `the passage of ${quoted(of)} in ${quoted(source)}`),
    )
    .join('')
}
