import { chatCompletions } from './chat-completions.ts'
import { completions } from './completions.ts'
import { embeddings } from './embeddings.ts'
import type { Endpoint } from './endpoint.ts'
import { responses } from './responses.ts'

/** Every way to call a model. */
export const ENDPOINTS: readonly Endpoint[] = [chatCompletions, completions, embeddings, responses]
