/** What a backend of the gateway speaks. Each is one file in worker/gateway/backends. */
export const BACKEND_KINDS = ['openai-compatible', 'azure-openai', 'anthropic', 'gemini', 'workers-ai', 'echo'] as const
export type BackendKind = (typeof BACKEND_KINDS)[number]

/** How one of several backends of a model is chosen among those of the same priority. */
export const ROUTING_STRATEGIES = ['weight', 'least-latency'] as const
export type RoutingStrategy = (typeof ROUTING_STRATEGIES)[number]
