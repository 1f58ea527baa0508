import type { Asking } from '../asking.ts'
import { rootCause } from '../errors.ts'
import { machine, type Scope } from '../scope.ts'
import { deliver } from './deliver.ts'

/** Sends what is due after this request has been answered. A door: for whoever has just written messages down. */
export function deliverBeside(scope: Scope, { settings, outlive }: Pick<Asking, 'settings' | 'outlive'>): void {
  const work = deliver({ ...scope, settings, actor: machine('clock') }).catch((error: unknown) => {
    scope.log.error('deliveries.failed', { error: String(rootCause(error)) }) // the clock comes back to them
  })
  outlive(work)
}
