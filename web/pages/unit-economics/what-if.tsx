import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { TextField } from '../../components/text-field.tsx'
import { formatTokens } from '../../format/count.ts'
import { usd } from './served-table.tsx'

type Inputs = { gpuHourUsd?: string; utilization?: number; inputUsdPerMillion?: string; outputUsdPerMillion?: string }

/** The same days at another price of a GPU-hour, another utilisation, or bought from another API. */
export function WhatIf(props: { model: string; days: { start: string; end: string } }) {
  const [inputs, setInputs] = createSignal<Inputs>({})
  let form!: HTMLFormElement
  createEffect(
    on(
      () => props.model,
      () => {
        setInputs({})
        form.reset()
      },
      { defer: true },
    ),
  )
  const answer = useQuery(() => {
    const asked = { model: props.model, start: props.days.start, end: props.days.end, ...inputs() }
    return {
      queryKey: ['analytics.whatIf', asked],
      queryFn: () => api.analytics.whatIf.query(asked),
      placeholderData: keepPreviousData,
    }
  })
  const known = () => (answer.isPending ? undefined : answer.data)
  const read = () => {
    const fields = new FormData(form)
    const text = (name: string) => String(fields.get(name) ?? '').trim()
    const [price, share, input, output] = ['price', 'share', 'input', 'output'].map(text)
    setInputs({
      ...(price ? { gpuHourUsd: price } : {}),
      ...(share ? { utilization: Number(share) / 100 } : {}),
      ...(input && output ? { inputUsdPerMillion: input, outputUsdPerMillion: output } : {}),
    })
  }
  const share = () => {
    const utilization = known()?.actual.utilization
    return utilization === null || utilization === undefined ? '' : `${Math.round(utilization * 1e6) / 1e4}`
  }
  return (
    <div class="what-if">
      <h3>What if</h3>
      <p class="note">These very days once more. A field that is left empty stays as it was.</p>
      <form
        ref={form}
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          read()
        }}
        onChange={read}
      >
        <div class="field-row">
          <TextField
            label="US dollars a GPU-hour"
            hint="Without idle hours. The page Models adds those that it carries, by allocation."
            name="price"
            inputmode="decimal"
            autocomplete="off"
            placeholder={known()?.actual.gpuHourUsd ?? ''}
          />
          <TextField
            label="Utilisation in percent"
            name="share"
            inputmode="decimal"
            autocomplete="off"
            placeholder={share()}
            disabled={known()?.actual.utilization === null}
          />
          <TextField
            label="API: 1 M input, US dollars"
            name="input"
            inputmode="decimal"
            autocomplete="off"
            placeholder="price book"
          />
          <TextField
            label="API: 1 M output, US dollars"
            name="output"
            inputmode="decimal"
            autocomplete="off"
            placeholder="price book"
          />
        </div>
      </form>
      <Show when={answer.isError}>
        <FailureNote title="That cannot be worked out" error={answer.error} />
      </Show>
      <dl class="cards" aria-live="polite">
        <StatCard title="Own GPUs" value={known() && usd(known()!.ownCostUsd)}>
          <Show when={known()?.ownPerMillionUsd}>{(amount) => <>{usd(amount())} per 1 M tokens</>}</Show>
          <Show when={known()?.tokens === 0}>No tokens on these days</Show>
        </StatCard>
        <StatCard title="Bought" value={known() && usd(known()!.apiCostUsd, known()!.tokens > 0 ? 'Unpriced' : '–')}>
          <Show when={known()?.apiPerMillionUsd}>{(amount) => <>{usd(amount())} per 1 M tokens</>}</Show>
        </StatCard>
        <StatCard title="Saving" value={known() && usd(known()!.savingUsd)}>
          <Show when={known()?.savingUsd?.startsWith('-')}>Buying would be cheaper</Show>
        </StatCard>
        <StatCard
          title="Break-even a day"
          value={
            known() && (known()!.breakEvenTokensPerDay === null ? '–' : formatTokens(known()!.breakEvenTokensPerDay))
          }
        >
          Tokens of this mix
        </StatCard>
      </dl>
    </div>
  )
}
