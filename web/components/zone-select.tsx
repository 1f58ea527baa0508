import { For } from 'solid-js'
import { cityOf } from './zone-name.ts'

/** The reader's own zone, as the browser knows it. */
export const OWN_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Every other zone that the browser knows. */
const ZONES = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC' && zone !== OWN_ZONE)

/** In which zone days begin and end; 'UTC' is how bills are. A zone of an address that the browser does not know is kept. */
export function ZoneSelect(props: { zone: string; onPick: (zone: string) => void }) {
  const others = () => (isOther(props.zone) && !ZONES.includes(props.zone) ? [props.zone, ...ZONES] : ZONES)
  return (
    <label>
      Days in
      <select name="zone" value={props.zone} onChange={(event) => props.onPick(event.currentTarget.value)}>
        <option value="UTC">UTC, as bills are</option>
        {OWN_ZONE !== 'UTC' && <option value={OWN_ZONE}>{cityOf(OWN_ZONE)} (your zone)</option>}
        <optgroup label="Other">
          <For each={others()}>{(zone) => <option value={zone}>{zone.replaceAll('_', ' ')}</option>}</For>
        </optgroup>
      </select>
    </label>
  )
}

function isOther(zone: string): boolean {
  return zone !== 'UTC' && zone !== OWN_ZONE
}
