import { HelioxError } from '../../errors.ts'
import { Ferry, type Outlive, type Sail } from './ferry.ts'
import type { Admission, Admitted, Attempt, MeterStanding, Settlement } from './messages.ts'
import { RefusalBox, type Refusals } from './refusals.ts'

/** The meter as the rest of the Worker talks to it. */
export type MeterHandle = {
  /** `outlive`: the trip may be made for other calls as well, see `Ferry`. */
  admit: (asked: Admission, outlive: Outlive) => Promise<Admitted>
  settle: (settlement: Settlement) => Promise<void>
  /** That calls were refused. Counted here and told together with others. */
  refused: (refusals: Refusals) => Promise<void>
  /** What a probe saw of a backend. */
  saw: (attempt: Attempt) => Promise<void>
  /** All ended calls are in the database when it is done. */
  flush: () => Promise<void>
  standing: () => Promise<MeterStanding>
}

/** A Durable Object namespace, or what a test puts in its place. */
type Namespace = {
  idFromName(name: string): unknown
  get(id: unknown): { fetch(url: string, init: RequestInit): Promise<Response> }
  /** Of a test that cannot wait. */
  endsWaitMs?: number
}

const THE_ONE = 'company'
const known = new WeakMap<Namespace, { id: unknown; ferry: Ferry; refusals: RefusalBox }>()

/** The meter of this deployment; null where the bindings have none. */
export function meterOf(bindings: object): MeterHandle | null {
  const { METER: namespace } = bindings as { METER?: Namespace }
  if (!namespace) return null
  const { id, ferry, refusals } = known.get(namespace) ?? {
    id: namespace.idFromName(THE_ONE),
    ferry: new Ferry(namespace.endsWaitMs),
    refusals: new RefusalBox(namespace.endsWaitMs),
  }
  known.set(namespace, { id, ferry, refusals })
  const ask = async (verb: string, body?: unknown): Promise<Response> => {
    const init = body === undefined ? { method: 'POST' } : { method: 'POST', body: JSON.stringify(body) }
    const response = await namespace.get(id).fetch(`http://meter/${verb}`, init)
    if (!response.ok) throw new HelioxError('unavailable', 'gateway.meter', `The meter answered ${response.status}`)
    return response
  }
  const sail: Sail = async (trip) => (await ask('trip', trip)).json()
  const tellRefused = (all: Refusals[]) => ask('refused', all)
  return {
    admit: (asked, outlive) => ferry.admit(asked, sail, outlive),
    settle: (settlement) => ferry.put(settlement, sail),
    refused: (one) => refusals.put(one, tellRefused),
    saw: async (attempt) => void (await ask('saw', attempt)),
    flush: async () => {
      await ferry.tellAll(sail)
      await refusals.sendAll(tellRefused)
      await ask('flush')
    },
    standing: async () => (await ask('standing')).json() as Promise<MeterStanding>,
  }
}
