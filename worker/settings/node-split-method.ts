import type { Chosen } from '../node-split/methods.ts'
import { NodeSplitFields } from './node-split-input.ts'
import type { Setting } from './setting.ts'

/** How a node's cost becomes its GPUs', until a question names another way. */
export const nodeSplitMethod = {
  title: 'How a node’s cost is split',
  value: NodeSplitFields,
  // What GPU clouds quote and ML teams charge back by: it takes nothing away from who holds the GPU.
  fallback: { method: 'all-gpu', shares: null },
} satisfies Setting<Chosen>
