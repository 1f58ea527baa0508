import type { BackendKind } from '../../../db/units/backend-kinds.ts'
import { anthropic } from './anthropic.ts'
import type { Backend } from './backend.ts'
import { echo } from './echo.ts'
import { openaiCompatible } from './openai-compatible.ts'

/** Every kind of backend. A new one: its file, and a line here. */
const BACKENDS: readonly Backend[] = [openaiCompatible, anthropic, echo]

/** The kind's own part; undefined: none of that name. */
export function backendOf(kind: BackendKind): Backend | undefined {
  return BACKENDS.find((one) => one.kind === kind)
}
