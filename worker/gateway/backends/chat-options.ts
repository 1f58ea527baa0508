import { cannot } from './chat-request.ts'
import { type JsonObject, objectIn, objectsIn, textIn } from './json-parts.ts'

export type ChatTool = { name: string; description: string; parameters: JsonObject | null }
export type ChatTools = {
  tools: ChatTool[]
  /** Null: the client does not say. */
  choice: 'auto' | 'none' | 'required' | { name: string } | null
  /** False: one call at a time. */
  isParallel: boolean
}

/** What would change the answer so much that leaving it out would be a lie. Hints (seed, user, prediction …) are left out. */
const REFUSED = {
  functions: 'use tools in place of functions',
  function_call: 'use tool_choice in place of function_call',
  audio: 'this model does not speak',
  web_search_options: 'this model does not search through this API',
} as const

/** @throws OpenAiError 400 for options that no translation has */
export function refuseUntranslated(body: JsonObject): void {
  for (const [name, why] of Object.entries(REFUSED))
    if (body[name] !== undefined && body[name] !== null) throw cannot(name, `${name}: ${why}`)
}

/** @throws OpenAiError 400 for tools that are no functions */
export function toolsOf({ tools, tool_choice: choice, parallel_tool_calls: parallel }: JsonObject): ChatTools {
  const known = objectsIn(tools).map((tool): ChatTool => {
    if (tool.type !== 'function')
      throw cannot('tools', `tools: this model knows no tool of type '${String(tool.type)}'`)
    const { name, description, parameters } = objectIn(tool.function)
    const schema = parameters === undefined || parameters === null ? null : objectIn(parameters)
    return { name: textIn(name), description: textIn(description), parameters: schema }
  })
  return { tools: known, choice: choiceOf(choice), isParallel: parallel !== false }
}

function choiceOf(choice: unknown): ChatTools['choice'] {
  if (choice === undefined || choice === null) return null
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice
  const name = textIn(objectIn(objectIn(choice).function).name)
  if (name !== '') return { name }
  throw cannot('tool_choice', 'tool_choice must be auto, none, required or one function')
}

/** Null: any text. `schema` null: any JSON object. */
export function formatOf({ response_format: format }: JsonObject): { schema: JsonObject | null } | null {
  const { type, json_schema: described } = objectIn(format)
  if (type === undefined || type === 'text') return null
  if (type === 'json_object') return { schema: null }
  if (type === 'json_schema') return { schema: objectIn(objectIn(described).schema) }
  throw cannot('response_format', `response_format: this model knows no type '${String(type)}'`)
}

/** Where to stop: one text or several. */
export function stopsOf({ stop }: JsonObject): string[] {
  return typeof stop === 'string' ? [stop] : Array.isArray(stop) ? stop.map(String) : []
}

/** The parts of an object that are there. */
export function given(parts: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined && value !== null))
}
