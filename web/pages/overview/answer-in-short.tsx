import { createMemo } from 'solid-js'
import { sumUsd } from '../../charts/series.ts'
import type { Filter } from '../../choice/choice.ts'
import { addressOf, explainFigure } from '../../choice/doors.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { mayImport, type User } from '../../user.ts'
import { actionsOf, type UnheldGpus } from './actions.ts'
import { ActionsPanel } from './actions-panel.tsx'
import { budgetUse } from './budgets.ts'
import { type Insight, settled, type Waste, type Where } from './insight-queries.ts'
import type { Row } from './movers.ts'
import type { Compared, Spend } from './spend-queries.ts'
import { WherePanel } from './where-panel.tsx'

/** Where the money went and what to do about it, side by side: what a reader of five seconds takes along. */
export function AnswerInShort(props: {
  user: User
  choice: ChoiceControl
  spend: Spend
  insight: Insight
  comparison: Compared
}) {
  const { choice } = props
  const actions = createMemo(() => {
    const latest = settled(props.insight.latest)?.imports[0]
    return actionsOf({
      waste: settled(props.insight.waste)?.total,
      budgets: budgetUse(
        settled(props.insight.teams)?.teams ?? [],
        settled(props.insight.month)?.rows ?? [],
        choice.today(),
        settled(props.spend.extent)?.lastDay ?? null,
      ),
      uncostedGpuHours: settled(props.spend.reconciliation)?.uncostedGpuHours,
      latestImport: latest,
      gpus: unheldGpus(settled(props.insight.waste)),
      asked: choice.choice(),
      mayImport: mayImport(props.user),
      seesWholeCompany: props.user.seesWholeCompany,
    })
  })
  const state = () => {
    if (!props.insight.isWasteKnown()) return 'unknown'
    if (settled(props.insight.waste)) return 'known'
    return props.insight.waste.isError ? 'failed' : 'loading'
  }
  return (
    <div class="grid in-short">
      <WherePanel
        insight={props.insight}
        comparison={props.comparison}
        addressOf={(where, row) => exploreAddress(choice, props.comparison, where, row)}
        explain={(where, row) => explainFigure(choice.choice(), choice.choice().range, 'owner', [filterOf(where, row)])}
      />
      <ActionsPanel
        actions={actions()}
        state={state()}
        error={props.insight.waste.error}
        onRetry={() => void props.insight.waste.refetch()}
      />
    </div>
  )
}

/** What a team's cost went to by model; a model's and a GPU type's by team: each beside the days that it is compared with. */
export function exploreAddress(choice: ChoiceControl, comparison: Compared, where: Where, row: Row): string {
  const own = filterOf(where, row)
  const { range, zone, basis, filters } = choice.choice()
  const others = filters.filter(({ name }) => name !== own.name)
  return addressOf(
    '/explore',
    { range, zone, basis, filters: [...others, own] },
    { by: where === 'team' ? 'model' : 'team', compare: comparison },
  )
}

/** The filter that leaves a row alone. */
function filterOf(where: Where, row: Row): Filter {
  const name = ({ team: 'team_id', model: 'model_name', gpu_type: 'gpu_type' } as const)[where]
  return { name, value: where === 'team' ? (row.teamId ?? '') : (row.names[0] ?? '') }
}

/** What nobody held of GPUs, what jobs carry of it, and what nobody held of what is no GPU: that nobody can give back. */
function unheldGpus(waste: Waste | undefined): UnheldGpus | undefined {
  if (!waste) return undefined
  const ofGpus = waste.rows.filter(({ gpuType }) => gpuType !== '')
  const others = waste.rows.filter(({ gpuType }) => gpuType === '')
  return {
    unheldUsd: sumUsd(ofGpus.map((row) => row.unallocatedCostUsd)) ?? waste.total.unallocatedCostUsd,
    carriedUsd: sumUsd(ofGpus.map((row) => row.carriedCostUsd)) ?? waste.total.carriedCostUsd,
    otherUsd: sumUsd(others.map((row) => row.unallocatedCostUsd)) ?? '0.00',
  }
}
