import type { Fault } from '../api/shapes'

/** The fault that lies at a place of a document, or below it where nothing shows it closer. */
export function faultAt(faults: readonly Fault[], pointer: string, leaf: boolean): string | null {
  const found = faults.filter((one) => one.pointer === pointer || (leaf && one.pointer.startsWith(`${pointer}/`)))
  return found.length > 0 ? found.map((one) => one.detail).join('; ') : null
}

/** Faults that belong to no field of the form; they stand above it. */
export function faultsElsewhere(faults: readonly Fault[], names: readonly string[]): Fault[] {
  return faults.filter((one) => !names.some((name) => one.pointer === `/${name}` || one.pointer.startsWith(`/${name}/`)))
}
