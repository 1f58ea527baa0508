import { type SQL, sql } from 'drizzle-orm'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { catalogued, sizeNamed } from '../catalogue/catalogue.ts'
import type { Scope } from '../scope.ts'
import type { NodeCostAsked } from './asked.ts'
import type { Node } from './methods.ts'

/**
 * What becomes of a charge: `split`; or of its size vCPUs and memory are not known and the method asks for them
 * (`unknown_spec`); the catalogue does not have the size (`unknown_size`); the charge is for a GPU and names no size, as
 * where GPUs are billed by the piece (`no_instance_type`); or it is for no GPU at all (`not_gpu`).
 */
export const KINDS = ['split', 'unknown_spec', 'unknown_size', 'no_instance_type', 'not_gpu'] as const
export type Kind = (typeof KINDS)[number]

/** What one kind of node cost. `node` is there where `kind` is `split`, for whoever then splits it. */
export type NodeBill = {
  kind: Kind
  provider: string
  /** As the catalogue writes it; as the bill does where the catalogue does not have it. */
  instanceType: string
  gpuType: string
  node: Node | null
  /** Effective. */
  cost: NanoUsd
  /** Billed GPU time of the charges that count hours; null: none does. */
  gpuSeconds: number | null
}

type Window = Pick<NodeCostAsked, 'start' | 'end' | 'provider' | 'gpuType' | 'account'>

/** The bill of these days and filters per provider, size and GPU type: its sum is the bill, nothing left out. */
export async function nodeBills({ db }: Pick<Scope, 'db'>, asked: Window): Promise<NodeBill[]> {
  const bills = new Map<string, NodeBill>()
  for (const row of await db.all<Sum>(sumsByInstance(asked))) {
    const { kind, instanceType, node } = kindOf(row)
    const { provider, gpuType } = row
    const key = JSON.stringify([kind, provider, instanceType, gpuType])
    const bill = bills.get(key) ?? {
      ...{ kind, provider, instanceType, gpuType, node },
      ...{ cost: nanoUsd(0n), gpuSeconds: null },
    }
    bill.cost = nanoUsd(bill.cost + row.cost)
    if (row.seconds !== null) bill.gpuSeconds = (bill.gpuSeconds ?? 0) + Number(row.seconds)
    bills.set(key, bill)
  }
  return [...bills.values()]
}

type Sum = { provider: string; instanceType: string; gpuType: string; cost: bigint; seconds: bigint | null }

/** One row per way to write a size. Of what is no GPU the size does not matter. Exported for its plan. */
export function sumsByInstance({ start, end, provider, gpuType, account }: Window): SQL {
  return sql`
    select p.provider, iif(p.gpu_type = '', '', d.instance_type) as instanceType, p.gpu_type as gpuType,
      sum(c.effective_nano_usd) as cost, sum(c.capacity_gpu_seconds) as seconds
    from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
      join cost_dimensions d on d.id = c.dimension_id join pools p on p.id = c.pool_id
    where c.entry_date >= ${start} and c.entry_date < ${addDays(end, 1)}
      and ${oneOf('p.provider', provider)} and ${oneOf('p.gpu_type', gpuType)} and ${oneOf('d.account', account)}
    group by 1, 2, 3`
}

function oneOf(column: string, values: readonly string[] | null): SQL {
  if (values === null) return sql`1`
  return sql`${sql.raw(column)} in (select value from json_each(${JSON.stringify(values)}))`
}

function kindOf({ provider, instanceType, gpuType }: Sum): Pick<NodeBill, 'kind' | 'instanceType' | 'node'> {
  if (gpuType === '') return { kind: 'not_gpu', instanceType: '', node: null }
  if (instanceType === '') return { kind: 'no_instance_type', instanceType, node: null }
  const size = sizeNamed(catalogued(provider), instanceType)
  return size
    ? { kind: 'split', instanceType: size.name, node: size }
    : { kind: 'unknown_size', instanceType, node: null }
}
