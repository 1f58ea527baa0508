import { HelioxError } from '../../errors.ts'
import type { Admission, Admitted, Attempt, MeterStanding, Settlement } from './messages.ts'
import { Outbox } from './outbox.ts'
import { RefusalBox, type Refusals } from './refusals.ts'

/** The meter as the rest of the Worker talks to it. */
export type MeterHandle = {
  admit: (asked: Admission) => Promise<Admitted>
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
  outboxMs?: number
}

const THE_ONE = 'company'
const outboxes = new WeakMap<Namespace, Outbox>()
const refusalBoxes = new WeakMap<Namespace, RefusalBox>()

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
  const outbox = outboxes.get(namespace) ?? new Outbox(namespace.outboxMs)
  outboxes.set(namespace, outbox)
  const refusals = refusalBoxes.get(namespace) ?? new RefusalBox(namespace.outboxMs)
  refusalBoxes.set(namespace, refusals)
  const tellRefused = (all: Refusals[]) => ask('refused', all)
  const admit = async (asked: Admission, ended: Settlement[]) =>
    (await ask('admit', ended.length > 0 ? { ...asked, ended } : asked)).json() as Promise<Admitted>
  return {
    admit: (asked) => outbox.along((ended) => admit(asked, ended)),
    settle: (settlement) => outbox.put(settlement, (ended) => ask('settle', ended)),
    refused: (one) => refusals.put(one, tellRefused),
    saw: async (attempt) => void (await ask('saw', attempt)),
    flush: async () => {
      await outbox.along(async (ended) => void (ended.length > 0 && (await ask('settle', ended))))
      await refusals.sendAll(tellRefused)
      await ask('flush')
    },
    standing: async () => (await ask('standing')).json() as Promise<MeterStanding>,
  }
}
