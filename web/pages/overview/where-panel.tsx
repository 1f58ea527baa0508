import { A } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import { wordsOfComparison } from '../../choice/compare.ts'
import { FigureDoor } from '../../components/figure-door.tsx'
import { Icon } from '../../components/icon.tsx'
import { Panel } from '../../components/panel.tsx'
import { changeOf, formatShare } from '../../format/change.ts'
import { formatUsd } from '../../format/usd.ts'
import { type Insight, settled, WHERES, type Where } from './insight-queries.ts'
import { dearest, type Mover, type Row, topMovers } from './movers.ts'
import type { Compared } from './spend-queries.ts'

/** As many as fill the height that the advice beside them takes; a narrow screen shows the first four. */
const MOST_MOVERS = 8

/** The dearest team, model and GPU type, and what moved most since the days it is compared with. Each name leads to its own part. */
export function WherePanel(props: {
  insight: Insight
  comparison: Compared
  addressOf: (where: Where, row: Row) => string
  /** Where an amount is explained; undefined: nowhere. */
  explain: (where: Where, row: Row) => string | undefined
}) {
  const all = () => (Object.keys(WHERES) as Where[]).map((where) => [where, settled(props.insight[where])] as const)
  /** Where a dollar counts several times, who touches most is dearest, and nobody is said to have moved a sum. */
  const answers = () => all().filter(([, answer]) => answer?.isAdditive !== false)
  const movers = createMemo(() => topMovers(answers(), MOST_MOVERS))
  return (
    <Panel
      title="Where the money went"
      class="where"
      query={props.insight.team}
      minHeight={232}
      isEmpty={() => false}
      empty={null}
    >
      {(data) => (
        <>
          <ul class="dearest">
            <For each={answers()}>
              {([where, answer]) => (
                <li>
                  <span class="dearest-of">
                    Dearest {WHERES[where] === 'GPU type' ? 'GPU' : WHERES[where].toLowerCase()}
                  </span>
                  <Show when={dearest(answer)} fallback={<span class="muted">{answer ? 'nobody yet' : '…'}</span>}>
                    {(row) => (
                      <>
                        <A class="dearest-name" href={props.addressOf(where, row())}>
                          {row().names[0]}
                        </A>
                        <span class="dearest-cost">
                          <FigureDoor
                            figure={formatUsd(row().totalCostUsd)}
                            href={props.explain(where, row())}
                            door="how this is made"
                          />
                        </span>
                        <span class="dearest-share">
                          {(answer!.isAdditive && formatShare(row().totalCostUsd, answer!.totalCostUsd)) || ''}
                        </span>
                        <Changed row={row()} />
                      </>
                    )}
                  </Show>
                </li>
              )}
            </For>
          </ul>
          <Show when={answers().length < all().length}>
            <p class="note">
              By exposure every team and model carries all of each GPU type that it touched, so that their amounts do
              not add up. The dearest of them, and which moved most, are told by allocation or usage.
            </p>
          </Show>
          <h3>Moved most since {wordsOfComparison(props.comparison)}</h3>
          <Show
            when={movers().length > 0 && Number(data().previousTotalCostUsd ?? '0') !== 0}
            fallback={
              <p class="note">
                {Number(data().previousTotalCostUsd ?? '0') === 0
                  ? `There was no spend in ${wordsOfComparison(props.comparison)}.`
                  : 'Nothing changed.'}
              </p>
            }
          >
            <ul class="movers">
              <For each={movers()}>{(mover) => <MoverLine mover={mover} addressOf={props.addressOf} />}</For>
            </ul>
          </Show>
        </>
      )}
    </Panel>
  )
}

function MoverLine(props: { mover: Mover; addressOf: (where: Where, row: Row) => string }) {
  const row = () => props.mover.row
  const isNew = () => Number(row().previousTotalCostUsd) === 0
  return (
    <li>
      <span class={`change is-${props.mover.direction}`}>
        <Icon name={props.mover.direction} />
        <span class="visually-hidden">{props.mover.direction} </span>
        <FigureDoor
          figure={formatUsd(props.mover.changeUsd.replace('-', '') as typeof props.mover.changeUsd)}
          href={props.addressOf(props.mover.where, row())}
          door="what changed"
        />
      </span>
      <span>
        <span class="muted">{WHERES[props.mover.where]} </span>
        <A href={props.addressOf(props.mover.where, row())}>{row().names[0]}</A>
        <span class="muted">
          {isNew()
            ? ', new'
            : `, ${props.mover.direction} ${changeOf(row().totalCostUsd, row().previousTotalCostUsd ?? '0')?.percent ?? ''}`}
        </span>
      </span>
    </li>
  )
}

/** "up 12.5%" beside an amount; nothing where nothing was before. */
function Changed(props: { row: Row }) {
  const change = () => changeOf(props.row.totalCostUsd, props.row.previousTotalCostUsd ?? '0')
  return (
    <Show when={change()} fallback={<span class="muted">new</span>}>
      {(known) => (
        <span class={`change is-${known().direction}`}>
          <span class="visually-hidden">{known().words}</span>
          <span aria-hidden="true">
            <Show when={known().direction !== 'same'}>
              <Icon name={known().direction === 'up' ? 'up' : 'down'} />
            </Show>
            {known().percent}
          </span>
        </span>
      )}
    </Show>
  )
}
