import { HelioxError } from '../../errors.ts'
import type { Admission, Admitted, Attempt, MeterStanding, Settlement } from './messages.ts'

/** The meter as the rest of the Worker talks to it. */
export type MeterHandle = {
  admit: (asked: Admission) => Promise<Admitted>
  settle: (settlement: Settlement) => Promise<void>
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
}

const THE_ONE = 'company'

/** The meter of this deployment; null where the bindings have none. */
export function meterOf(bindings: object): MeterHandle | null {
  const { METER: namespace } = bindings as { METER?: Namespace }
  if (!namespace) return null
  const ask = async (verb: string, body?: unknown): Promise<Response> => {
    const stub = namespace.get(namespace.idFromName(THE_ONE))
    const init = body === undefined ? { method: 'POST' } : { method: 'POST', body: JSON.stringify(body) }
    const response = await stub.fetch(`http://meter/${verb}`, init)
    if (!response.ok) throw new HelioxError('unavailable', 'gateway.meter', `The meter answered ${response.status}`)
    return response
  }
  return {
    admit: async (asked) => (await ask('admit', asked)).json() as Promise<Admitted>,
    settle: async (settlement) => void (await ask('settle', settlement)),
    saw: async (attempt) => void (await ask('saw', attempt)),
    flush: async () => void (await ask('flush')),
    standing: async () => (await ask('standing')).json() as Promise<MeterStanding>,
  }
}
