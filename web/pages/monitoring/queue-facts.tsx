import { A } from '@solidjs/router'
import { For } from 'solid-js'
import { formatBytes, formatCount } from '../../format/count.ts'
import type { State } from './words.ts'

type Facts = readonly (readonly [name: string, value: string])[]

function FactList(props: { facts: Facts }) {
  return (
    <dl class="facts is-counts">
      <For each={props.facts}>
        {([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        )}
      </For>
    </dl>
  )
}

/** Files on their way, and those that somebody has to look at. */
export function QueueFacts(props: { imports: State['imports'] }) {
  const facts = (): Facts => [
    ['Waiting', formatCount(props.imports.queued)],
    ['Under way', formatCount(props.imports.underWay)],
    ['Interrupted', formatCount(props.imports.interrupted)],
    ['Failed, file kept', formatCount(props.imports.failedKept)],
  ]
  return (
    <>
      <FactList facts={facts()} />
      <p class="note">
        Interrupted imports are taken up again by the clock or by their sender. <A href="/imports">All imports</A>
      </p>
    </>
  )
}

/** How often a question to analytics was answered without asking the database. */
export function KeptFacts(props: { cache: State['answerCache'] }) {
  const facts = (): Facts => [
    ['From memory', formatCount(props.cache.hit)],
    ['Held by the client', formatCount(props.cache.notModified)],
    ['Made anew', formatCount(props.cache.miss)],
    ['Kept in memory', formatBytes(props.cache.bytes)],
  ]
  return (
    <>
      <FactList facts={facts()} />
      <p class="note">
        Since the instance that answers began; each counts for itself.{' '}
        <a href="/metrics" target="_self">
          All metrics, for Prometheus
        </a>
      </p>
    </>
  )
}
