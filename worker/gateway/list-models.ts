import { backendOf } from './backends/index.ts'
import type { GatewayAsking } from './call.ts'
import { callerOf, type GatewayCaller } from './caller.ts'
import { OpenAiError } from './openai-error.ts'
import { type Snapshot, snapshotOf } from './snapshot.ts'

/** A model as OpenAI lists it. */
type Model = { id: string; object: 'model'; created: number; owned_by: string }

/** The models that the caller may ask, by name. */
export async function listModels(asking: GatewayAsking): Promise<{ object: 'list'; data: Model[] }> {
  const snapshot = await snapshotOf(asking)
  const caller = await callerOf(asking, snapshot, 'models')
  return { object: 'list', data: modelsOf(snapshot, caller) }
}

/**
 * One of them.
 * @throws OpenAiError 404 `model_not_found`
 */
export async function getModel(asking: GatewayAsking, id: string): Promise<Model> {
  const { data } = await listModels(asking)
  const model = data.find((one) => one.id === id)
  if (model) return model
  throw new OpenAiError(404, 'model_not_found', `The model '${id}' does not exist or you do not have access to it.`, {
    param: 'model',
  })
}

function modelsOf(snapshot: Snapshot, { models: allowed }: GatewayCaller): Model[] {
  const ids = [...snapshot.models.keys()].filter((id) => allowed === null || allowed.includes(id)).sort()
  return ids.map((id) => {
    const served = snapshot.models.get(id)
    const backend = served?.by[0]?.backend
    const owner = backend ? (backendOf(backend.kind)?.providerOf(backend) ?? '') : ''
    return { id, object: 'model', created: Math.floor((served?.sinceMs ?? 0) / 1000), owned_by: owner }
  })
}
