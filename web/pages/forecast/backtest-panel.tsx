import { For, Show } from 'solid-js'
import { formatCountOf } from '../../format/count.ts'
import type { ForecastSeries } from './forecast-choice.ts'

/** How every method did on the past, in words for who pays rather than for who forecasts. */
export function BacktestPanel(props: { of: ForecastSeries }) {
  const test = () => props.of.backtest
  return (
    <section class="panel" aria-labelledby="backtest-title" id="backtest" tabindex={-1}>
      <header class="panel-head">
        <h2 id="backtest-title">How well this does on your own past</h2>
      </header>
      <div class="panel-body">
        <p class="forecast-why">
          <Show when={props.of.title}>
            <b>{props.of.title}.</b>{' '}
          </Show>
          {props.of.why}
        </p>
        <Show when={test()}>
          {(known) => (
            <>
              <p class="note">
                From {formatCountOf(known().folds, 'earlier day')} each method forecast the{' '}
                {formatCountOf(known().horizonDays, 'day')} after it with what was known then, and was compared with
                what came. Error 1.00 is that of “same as last week” over the whole history: lower is better.
              </p>
              <section class="table-scroll" tabindex="0" aria-label="Methods">
                <table class="forecast-methods">
                  <thead>
                    <tr>
                      <th scope="col">Method</th>
                      <th scope="col" class="number">
                        Error (MASE)
                      </th>
                      <th scope="col" class="number">
                        Against the better baseline
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={known().methods}>
                      {(one) => (
                        <tr>
                          <th scope="row">
                            {one.title}
                            <Show when={one.isChosen}>
                              {' '}
                              <span class="badge is-good">Used</span>
                            </Show>
                            <Show when={one.isBaseline}>
                              {' '}
                              <span class="badge">Baseline</span>
                            </Show>
                            <span class="cell-note">{one.meaning}</span>
                          </th>
                          <td class="number">{one.mase === null ? '—' : one.mase.toFixed(2)}</td>
                          <td class="number">{againstBaseline(one.relative)}</td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </section>
              <Show
                when={known().coverage}
                fallback={<p class="note">Too little history lies before the test to say how often the bands held.</p>}
              >
                {(held) => (
                  <p class="note">
                    The bands, as they would have been drawn then: {percent(held().share80)} of {held().days} days lay
                    in the 80 % band, {percent(held().share95)} in the 95 % band
                    <Show when={held().winkler95 !== null}>
                      {' '}
                      (interval score of the 95 % band, MSIS: {held().winkler95!.toFixed(1)})
                    </Show>
                    , from {formatCountOf(held().folds, 'day')}.
                  </p>
                )}
              </Show>
            </>
          )}
        </Show>
      </div>
    </section>
  )
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** "8 % less", "3 % more", "the same". */
function againstBaseline(relative: number | null): string {
  if (relative === null) return '—'
  const less = Math.round((1 - relative) * 100)
  if (less === 0) return 'the same'
  return less > 0 ? `${less} % less` : `${-less} % more`
}
