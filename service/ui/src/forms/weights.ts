import type { FieldSpec } from './fields'

const grade = (name: string, label = name): FieldSpec => ({ name, as: 'credence', label })

/** What each grade counts for in a map: the parts of the table as the service keeps it, each from its best grade down. */
export const WEIGHTS: FieldSpec = {
  name: 'weights',
  as: 'group',
  fields: [
    { name: 'confidence', as: 'group', label: 'weights_confidence', fields: [grade('high', 'confidence_high'), grade('medium', 'confidence_medium'), grade('low', 'confidence_low')] },
    { name: 'manner', as: 'group', label: 'weights_manner', fields: ['asserted', 'believed', 'reported', 'possible'].map((name) => grade(name, `manner_${name}`)) },
    { name: 'reliability', as: 'group', label: 'weights_reliability', fields: ['completely', 'usually', 'fairly', 'not_usually', 'unreliable'].map((name) => grade(name, `reliability_${name}`)) },
    { name: 'credibility', as: 'group', label: 'weights_credibility', fields: ['confirmed', 'probable', 'possible', 'doubtful', 'improbable'].map((name) => grade(name, `credibility_${name}`)) },
    grade('author', 'weights_author'),
    grade('constructed', 'weights_constructed'),
    grade('most', 'weights_most'),
  ],
}
