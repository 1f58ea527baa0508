import { buckets, type Sample } from './sample.ts'

const result = (fields: string) => `{"object": "organization.usage.completions.result", ${fields}}`

export const openaiUsageJson: Sample = {
  // two completions, embeddings, images; a vector store's bytes are no calls
  ...{ file: 'openai-usage.json', records: 4, skipped: 1, fileUsd: '0.00', roundingUsd: '0.00', gpuHours: '0' },
  withoutRows: '{"object": "page", "data": [{"object": "bucket", "start_time": 1, "end_time": 2, "results": []}]}',
  bad: [
    { text: '[1, 2]', column: null, code: 'ingest.not_an_object', costUsd: null },
    { text: '"usage"', column: null, code: 'ingest.not_an_object', costUsd: null },
    {
      text: result('"input_tokens": 5, "output_tokens": 1'),
      ...{ column: 'num_model_requests', code: 'ingest.bad_count', costUsd: null },
    },
    {
      text: result('"num_model_requests": 1'),
      ...{ column: 'input_tokens', code: 'ingest.missing', costUsd: null },
    },
    {
      text: result('"num_model_requests": 1, "input_tokens": -5, "output_tokens": 1'),
      ...{ column: 'input_tokens', code: 'ingest.bad_tokens', costUsd: null },
    },
    {
      text: result('"num_model_requests": 1, "input_tokens": 5, "input_cached_tokens": 6, "output_tokens": 1'),
      ...{ column: 'input_cached_tokens', code: 'ingest.bad_tokens', costUsd: null },
    },
  ],
  ...buckets,
}
