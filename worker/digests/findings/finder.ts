import type { TeamId } from '../../../db/units/ids.ts'
import type { Window } from '../../../db/units/time.ts'
import type { Scope } from '../../scope.ts'
import type { DigestFinding } from '../digest.ts'

/** What stood out in these days, of one team or of all that the asker sees, the gravest first; at most `most`. */
export type Finder = (
  scope: Scope,
  about: { window: Window; teamId: TeamId | null; most: number },
) => Promise<DigestFinding[]>
