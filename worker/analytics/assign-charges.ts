import type { SQL } from 'drizzle-orm'

/**
 * The statements that write the cells of what rules give to teams without a job, for the pool-days in
 * `sharing_pool_days`. They run before jobs are shared, which share what is left.
 */
export function assignCharges(): SQL[] {
  return []
}
