import type { BackendKind } from '../../../db/units/backend-kinds.ts'
import { anthropic } from './anthropic.ts'
import { azureOpenai } from './azure-openai.ts'
import type { Backend } from './backend.ts'
import { echo } from './echo.ts'
import { gemini } from './gemini.ts'
import { openaiCompatible } from './openai-compatible.ts'
import { workersAi } from './workers-ai.ts'

/** Every kind of backend. A new one: its file, and a line here. */
const BACKENDS: readonly Backend[] = [openaiCompatible, azureOpenai, anthropic, gemini, workersAi, echo]

/** The kind's own part; undefined: none of that name. */
export function backendOf(kind: BackendKind): Backend | undefined {
  return BACKENDS.find((one) => one.kind === kind)
}
