import type { Scope } from '../scope.ts'
import { applyMoves } from './apply-moves.ts'
import type { Moved } from './gpu-rule.ts'
import { movesAfter } from './moves.ts'
import { readRules } from './rule-book.ts'

/**
 * Door: applies all rules to the bills that are there, for bills that count only now and were read with the rules of
 * before: one that was put back in its place, or that was under way while a rule changed. What is as it should be stays
 * untouched, so it may be called whenever that may have happened.
 */
export async function applyRules(scope: Scope): Promise<Moved> {
  const book = await readRules(scope.db)
  if (book.length === 0) return { entryCount: 0, lineCount: 0 }
  const moves = await movesAfter(
    scope.db,
    book,
    book.map((rule) => ({ rule, only: null })),
  )
  return applyMoves(scope, moves, { targetId: '', target: 'all rules' })
}
