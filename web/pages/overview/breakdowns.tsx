import { Show } from 'solid-js'
import { CostBars, RankedBars } from '../../charts/cost-bars.tsx'
import type { CostRow } from '../../charts/cost-row.ts'
import { ShareDonut } from '../../charts/share-donut.tsx'
import type { FilterName } from '../../choice/choice.ts'
import { addressOf } from '../../choice/doors.ts'
import { explainRow } from '../../choice/explain-address.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { RankedList } from '../../components/ranked-list.tsx'
import { formatCountOf } from '../../format/count.ts'
import { BreakdownPanel, type Drawn } from './breakdown-panel.tsx'
import type { Painter } from './painter.ts'
import type { Spend } from './spend-queries.ts'

const MOST_BARS = 12

/** What Explore can split one row by, and the filter that would leave it as one again. */
const WAYS = {
  team: ['Team', 'team_id'],
  model: ['Model', 'model_name'],
  provider: ['Provider', 'provider'],
  gpu_type: ['GPU type', 'gpu_type'],
} as const

/** The four breakdowns below the trend. */
export function Breakdowns(props: { spend: Spend; choice: ChoiceControl; painter: Painter }) {
  const pick = (name: FilterName) => (row: CostRow) => props.choice.addFilter({ name, value: row.name })
  const csv = (path: string) => `/api/v1/analytics/cost/${path}?${props.choice.queryString()}`
  /** Where an amount is explained; of provider and GPU type a row is all of its cost, whoever had it. */
  const explain = (name: FilterName) => (row: CostRow | null) => {
    const value = row && (name === 'team_id' ? (row.teamId ?? '') : row.name)
    const filter = value === null ? null : { name, value }
    return explainRow(props.choice.choice(), props.choice.choice().range, row ?? { kind: 'total' }, filter)
  }
  const asked = (group: keyof typeof WAYS) => ({
    get days() {
      return props.choice.days()
    },
    get ways() {
      const { range, zone, basis, filters } = props.choice.choice()
      const address = (by: string) => addressOf('/explore', { range, zone, basis, filters }, { by })
      return [
        ...Object.entries(WAYS).flatMap(([by, [label, filter]]) =>
          by === group || filters.some(({ name }) => name === filter) ? [] : [[label, address(by)] as const],
        ),
        ['Day', addressOf('/explore', { range, zone, basis, filters }, { by: ['day', group] })] as const,
      ]
    },
  })
  return (
    <div class="grid">
      <BreakdownPanel
        {...{ title: 'Cost by model', of: 'Model', group: 'model', minHeight: 250, class: 'is-wide' }}
        query={props.spend.byModel}
        explain={explain('model_name')}
        csvPath={csv('by-model')}
        {...asked('model')}
        painter={props.painter}
        onPick={pick('model_name')}
      >
        {(drawn) => <ModelBars {...drawn} />}
      </BreakdownPanel>
      <BreakdownPanel
        {...{ title: 'Cost by team', of: 'Team', group: 'team', minHeight: 250, class: 'is-slim' }}
        query={props.spend.byTeam}
        explain={explain('team_id')}
        csvPath={csv('by-team')}
        {...asked('team')}
        painter={props.painter}
        onPick={(row) => row.teamId && props.choice.addFilter({ name: 'team_id', value: row.teamId })}
      >
        {(drawn) => (
          <div class="share">
            <Show when={drawn.isAdditive()}>
              <ShareDonut
                label="Cost by team"
                rows={drawn.rows()}
                totalCostUsd={drawn.totalCostUsd()}
                isAdditive
                colourOf={drawn.colourOf}
                onPick={drawn.onPick}
              />
            </Show>
            <RankedList {...listOf(drawn)} compact />
          </div>
        )}
      </BreakdownPanel>
      <BreakdownPanel
        {...{ title: 'Cost by provider', of: 'Provider', group: 'provider', minHeight: 240 }}
        query={props.spend.byProvider}
        explain={explain('provider')}
        csvPath={csv('by-provider')}
        {...asked('provider')}
        painter={props.painter}
        onPick={pick('provider')}
      >
        {(drawn) => <RankedBars {...listOf(drawn)} />}
      </BreakdownPanel>
      <BreakdownPanel
        {...{ title: 'Cost by GPU type', of: 'GPU type', group: 'gpu_type', minHeight: 240 }}
        query={props.spend.byGpuType}
        explain={explain('gpu_type')}
        csvPath={csv('by-gpu-type')}
        {...asked('gpu_type')}
        painter={props.painter}
        onPick={pick('gpu_type')}
      >
        {(drawn) => <RankedBars {...listOf(drawn)} />}
      </BreakdownPanel>
    </div>
  )
}

function ModelBars(props: Drawn) {
  const bars = () => {
    const owners = props.rows().filter(({ kind }) => kind === 'owner')
    return [...owners.slice(0, MOST_BARS), ...props.rows().filter(({ kind }) => kind !== 'owner')]
  }
  const hidden = () => props.rows().length - bars().length
  return (
    <>
      <CostBars
        label="Cost by model, dearest first"
        rows={bars()}
        totalCostUsd={props.totalCostUsd()}
        isAdditive={props.isAdditive()}
        colourOf={props.colourOf}
        onPick={props.onPick}
      />
      <Show when={hidden() > 0}>
        <p class="note">{formatCountOf(hidden(), 'smaller model')} in the table.</p>
      </Show>
    </>
  )
}

function listOf(drawn: Drawn) {
  return {
    get rows() {
      return drawn.rows()
    },
    get totalCostUsd() {
      return drawn.totalCostUsd()
    },
    get isAdditive() {
      return drawn.isAdditive()
    },
    colourOf: drawn.colourOf,
    onPick: drawn.onPick,
  }
}
