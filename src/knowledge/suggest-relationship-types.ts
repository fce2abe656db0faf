import type { Memory } from '../model/memory.js'
import type { MemoryType } from '../model/memory-type.js'
import type { RelationshipType } from '../model/relationship-type.js'

/** A relationship type that may fit two memories. */
export type RelationshipTypeSuggestion = {
  type: RelationshipType
  /** How likely it is the one, 0..1. */
  confidence: number
}

type Suggestions = Partial<Record<RelationshipType, number>>
type Table = Readonly<Record<MemoryType, Partial<Record<MemoryType, Suggestions>>>>

const CURES: Suggestions = { SOLVES: 0.8, ADDRESSES: 0.7 }
const REMEDY: Suggestions = { ALTERNATIVE_TO: 0.6, IMPROVES: 0.6, REPLACES: 0.5, BUILDS_ON: 0.5 }
const PART: Suggestions = { USED_IN: 0.7 }
const NEEDS: Suggestions = { REQUIRES: 0.7 }
const RESULT: Suggestions = { LEADS_TO: 0.6 }
const PLACE: Suggestions = { OCCURS_IN: 0.7 }
const SUBJECT: Suggestions = { APPLIES_TO: 0.7 }

/**
 * What joins a memory of one type to a memory of another, in this direction: nobody's problem solves a solution. The pairs
 * solution-problem, fix-error, technology, task and code pattern are MemoryGraph's; a pair that is not here is only related.
 */
const TABLE: Table = {
  problem: {
    problem: { CAUSES: 0.6, SIMILAR_TO: 0.6 },
    error: { CAUSES: 0.7, LEADS_TO: 0.6 },
    solution: RESULT,
    fix: RESULT,
    task: { BLOCKS: 0.7, LEADS_TO: 0.6 },
    project: PLACE,
    technology: PLACE,
    file_context: PLACE,
    workflow: { BLOCKS: 0.6, OCCURS_IN: 0.6 },
    command: { OCCURS_IN: 0.6 },
    code_pattern: { OCCURS_IN: 0.6 },
    conversation: { OCCURS_IN: 0.5 },
  },
  error: {
    error: { CAUSES: 0.6, SIMILAR_TO: 0.6 },
    problem: { CAUSES: 0.6, LEADS_TO: 0.6 },
    solution: RESULT,
    fix: RESULT,
    task: { BLOCKS: 0.7, LEADS_TO: 0.6 },
    project: PLACE,
    technology: PLACE,
    file_context: PLACE,
    workflow: { BREAKS: 0.7, OCCURS_IN: 0.6 },
    command: PLACE,
    code_pattern: { OCCURS_IN: 0.6 },
    conversation: { OCCURS_IN: 0.5 },
  },
  solution: {
    problem: CURES,
    error: CURES,
    solution: REMEDY,
    fix: { BUILDS_ON: 0.6, GENERALIZES: 0.5, ALTERNATIVE_TO: 0.5 },
    task: { ADDRESSES: 0.6, ENABLES: 0.6 },
    project: SUBJECT,
    technology: NEEDS,
    file_context: SUBJECT,
    workflow: { APPLIES_TO: 0.6, IMPROVES: 0.6 },
    command: { REQUIRES: 0.6 },
    code_pattern: { BUILDS_ON: 0.7, IMPROVES: 0.5 },
  },
  fix: {
    error: { SOLVES: 0.9, ADDRESSES: 0.7 },
    problem: CURES,
    fix: REMEDY,
    solution: { BUILDS_ON: 0.6, SPECIALIZES: 0.5, ALTERNATIVE_TO: 0.5 },
    task: { ADDRESSES: 0.6, ENABLES: 0.6 },
    project: SUBJECT,
    technology: SUBJECT,
    file_context: SUBJECT,
    workflow: { APPLIES_TO: 0.6, IMPROVES: 0.6 },
    command: { REQUIRES: 0.6, IMPROVES: 0.5 },
    code_pattern: { BUILDS_ON: 0.6, IMPROVES: 0.6 },
  },
  code_pattern: {
    code_pattern: { SIMILAR_TO: 0.6, VARIANT_OF: 0.5, IMPROVES: 0.5 },
    problem: { ADDRESSES: 0.7, PREVENTS: 0.6 },
    error: { PREVENTS: 0.7, ADDRESSES: 0.6 },
    solution: PART,
    fix: PART,
    task: { APPLIES_TO: 0.6, USED_IN: 0.6 },
    project: PART,
    technology: { APPLIES_TO: 0.7, REQUIRES: 0.6 },
    file_context: PART,
    workflow: { USED_IN: 0.6 },
  },
  technology: {
    technology: { WORKS_WITH: 0.6, ALTERNATIVE_TO: 0.5 },
    problem: { CAUSES: 0.5, ADDRESSES: 0.5 },
    error: { CAUSES: 0.5 },
    solution: PART,
    fix: { USED_IN: 0.6 },
    task: { USED_IN: 0.6, ENABLES: 0.5 },
    project: { USED_IN: 0.8 },
    file_context: PART,
    workflow: PART,
    command: { ENABLES: 0.6 },
    code_pattern: { USED_IN: 0.6, ENABLES: 0.5 },
  },
  task: {
    task: { FOLLOWS: 0.6, DEPENDS_ON: 0.5, PARALLEL_TO: 0.5 },
    problem: { ADDRESSES: 0.7 },
    error: { ADDRESSES: 0.7 },
    solution: { LEADS_TO: 0.6, DEPENDS_ON: 0.5 },
    fix: { LEADS_TO: 0.6, DEPENDS_ON: 0.5 },
    project: PLACE,
    technology: NEEDS,
    file_context: SUBJECT,
    workflow: { OCCURS_IN: 0.6 },
    command: { REQUIRES: 0.6 },
    code_pattern: { BUILDS_ON: 0.5 },
    conversation: { FOLLOWS: 0.6 },
  },
  project: {
    project: { DEPENDS_ON: 0.6, SIMILAR_TO: 0.6, BUILDS_ON: 0.5 },
    task: { DEPENDS_ON: 0.6 },
    solution: { REQUIRES: 0.5 },
    technology: { REQUIRES: 0.8, DEPENDS_ON: 0.7 },
    workflow: { REQUIRES: 0.6 },
    command: { REQUIRES: 0.6 },
    code_pattern: { BUILDS_ON: 0.6 },
  },
  file_context: {
    file_context: { DEPENDS_ON: 0.6, SIMILAR_TO: 0.5 },
    problem: { CAUSES: 0.6 },
    error: { CAUSES: 0.6 },
    project: PART,
    technology: NEEDS,
    workflow: { USED_IN: 0.6 },
    command: { USED_IN: 0.6 },
    code_pattern: { BUILDS_ON: 0.6 },
  },
  command: {
    command: { FOLLOWS: 0.6, ALTERNATIVE_TO: 0.5 },
    problem: { ADDRESSES: 0.6, CAUSES: 0.5 },
    error: { ADDRESSES: 0.6, CAUSES: 0.6 },
    solution: PART,
    fix: PART,
    task: PART,
    project: PART,
    technology: NEEDS,
    file_context: { APPLIES_TO: 0.6 },
    workflow: PART,
  },
  workflow: {
    workflow: { FOLLOWS: 0.6, VARIANT_OF: 0.5, ALTERNATIVE_TO: 0.5 },
    problem: { PREVENTS: 0.6, ADDRESSES: 0.6 },
    error: { PREVENTS: 0.6, ADDRESSES: 0.5 },
    solution: RESULT,
    fix: RESULT,
    task: { ENABLES: 0.6, APPLIES_TO: 0.5 },
    project: SUBJECT,
    technology: NEEDS,
    file_context: { APPLIES_TO: 0.6 },
    command: NEEDS,
    code_pattern: { BUILDS_ON: 0.5 },
  },
  conversation: {
    conversation: { FOLLOWS: 0.6, BUILDS_ON: 0.5 },
    task: RESULT,
    solution: RESULT,
    fix: RESULT,
  },
  general: {
    general: { SIMILAR_TO: 0.5, BUILDS_ON: 0.5 },
    project: { APPLIES_TO: 0.6 },
    technology: { APPLIES_TO: 0.6 },
    file_context: { APPLIES_TO: 0.6 },
    workflow: { APPLIES_TO: 0.6 },
  },
}

/**
 * Suggests relationship types from one memory to another by what the two are, the likeliest first. The direction counts: a
 * solution SOLVES a problem, a problem LEADS_TO a solution. Whatever they are, a type of memory nobody knows included, RELATED_TO
 * with 0.5 comes last.
 */
export function suggestRelationshipTypes(
  from: Readonly<Pick<Memory, 'type'>>,
  to: Readonly<Pick<Memory, 'type'>>,
): RelationshipTypeSuggestion[] {
  const suggestions = Object.entries(member(member(TABLE, from.type), to.type) ?? {})
    .map(([type, confidence]) => ({ type: type as RelationshipType, confidence }))
    .sort((one, other) => other.confidence - one.confidence)
  return [...suggestions, { type: 'RELATED_TO', confidence: 0.5 }]
}

function member<Value>(
  table: Readonly<Partial<Record<MemoryType, Value>>> | undefined,
  type: string,
): Value | undefined {
  return table !== undefined && Object.hasOwn(table, type) ? table[type as MemoryType] : undefined
}
