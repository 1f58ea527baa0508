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
        Interrupted ones go on by themselves in the next round, or when their sender sends the file again. Failed ones
        whose file is kept wait for somebody to replay them or throw them away. <A href="/imports">All imports</A>
      </p>
    </>
  )
}

/** How often a question of a page was answered without asking the database. */
export function KeptFacts(props: { cache: State['answerCache'] }) {
  const facts = (): Facts => [
    ['From memory', formatCount(props.cache.hit)],
    ['Known to the browser', formatCount(props.cache.notModified)],
    ['From the database', formatCount(props.cache.miss)],
    ['Memory used', formatBytes(props.cache.bytes)],
  ]
  return (
    <>
      <FactList facts={facts()} />
      <p class="note">
        Questions for figures, counted by the running instance since it started. Many from the database are normal while
        imports run: each change makes answers out of date.{' '}
        <a href="/metrics" target="_self">
          All metrics, for Prometheus
        </a>
      </p>
    </>
  )
}
