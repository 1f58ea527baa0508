import { z } from 'zod'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { METHOD, METHODS } from './methods.ts'
import { MethodSaid } from './node-cost-fields.ts'

export const MethodsListed = z.array(MethodSaid)

/** Every way to split a node's cost; the first is what holds where nobody has chosen. */
export async function listMethods(scope: Scope): Promise<z.output<typeof MethodsListed>> {
  allow(scope, 'ledger:read')
  return METHODS.map((name) => METHOD[name])
}
