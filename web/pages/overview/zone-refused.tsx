import { failureOf } from '../../api.ts'

const CODES = ['no_hours', 'zone_needs_minutes', 'zone_too_long', 'utc_only'].map((code) => `analytics.${code}`)

/** Whether an answer is missing because bills do not say enough for days of another zone. */
export function isZoneRefused(error: unknown): boolean {
  return Boolean(error) && CODES.includes(failureOf(error).code)
}

/** Why there are no days in that zone, and the way back to those that there are. */
export function ZoneRefused(props: { zone: string; error: unknown; onUtc: () => void }) {
  return (
    <section class="panel empty is-large" role="status">
      <h2>No days in {props.zone.replaceAll('_', ' ')} for this choice</h2>
      <p>{failureOf(props.error).message}.</p>
      <button type="button" class="button is-primary" onClick={() => props.onUtc()}>
        Show UTC days
      </button>
    </section>
  )
}
