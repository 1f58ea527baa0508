import { doorTo } from '../doors.ts'
import { percent } from '../monthly.ts'
import { tokensPart } from '../parts.ts'
import type { AdviceKind } from './kind.ts'

/** The same prompts asked again and again: the gateway would answer them from its own store. */
export const repeatedPrompts: AdviceKind = {
  kind: 'repeated-prompts',
  name: 'Prompts that come again',
  how: 'Calls with the same words, model and parameters as an earlier one of the team, where the team keeps what is said: what all but the first of each cost.',
  find: (estate) => {
    const { repeats, callsWithoutWords, models, teamNames, window } = estate
    return {
      found: repeats
        .filter(({ repeatCount }) => repeatCount > 0)
        .map((one) => {
          const { teamId, model, promptCount, repeatCount, repeatNanoUsd, costNanoUsd } = one
          const team = teamId === null ? 'calls of no team' : (teamNames.get(teamId) ?? teamId)
          const calls = (models.get(model)?.calls ?? []).filter((call) => call.teamId === teamId)
          const all = calls.reduce((sum, call) => sum + call.metered, 0n)
          return {
            ...{ thing: JSON.stringify([model, teamId]), teamId, effort: 'low' as const },
            title: `${team} asks ${model} the same again`,
            action: 'Turn on the answer store for the team (Budgets → Calls of teams)',
            formula: `What ${repeatCount} calls cost that repeat one of ${promptCount} prompts: ${percent(repeatNanoUsd, costNanoUsd)} of the calls whose words are kept`,
            confidence: 'medium' as const,
            because:
              'An answer from the store costs nothing; it is the same answer each time, which not every use wants',
            href: doorTo('/requests', window, { model, team_id: teamId }),
            evidence: [
              {
                ...{ what: `${repeatCount} repeats of ${promptCount} prompts`, note: 'the last of them' },
                ...{ costNanoUsd: repeatNanoUsd, gpuSeconds: null, href: `/requests/${one.exampleId}` },
              },
            ],
            claims: [
              {
                path: [tokensPart(teamId, model, all > costNanoUsd ? all : costNanoUsd)],
                ...{ touchedNanoUsd: repeatNanoUsd, savedNanoUsd: repeatNanoUsd },
              },
            ],
            isWorth: repeatNanoUsd * 100n >= costNanoUsd,
          }
        }),
      notLooked:
        callsWithoutWords > 0
          ? [
              {
                thing: `${callsWithoutWords} calls`,
                missing: 'Their teams do not keep what is said, so nobody knows what came again',
              },
            ]
          : [],
    }
  },
}
