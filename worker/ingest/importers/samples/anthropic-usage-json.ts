import { buckets, type Sample } from './sample.ts'

export const anthropicUsageJson: Sample = {
  ...{ file: 'anthropic-usage.json', records: 2, skipped: 0, fileUsd: '0.00', roundingUsd: '0.00', gpuHours: '0' },
  withoutRows: '{"data": [], "has_more": false, "next_page": null}',
  bad: [
    { text: 'null', column: null, code: 'ingest.not_an_object', costUsd: null },
    {
      text: '{"uncached_input_tokens": null, "output_tokens": 3}',
      ...{ column: 'uncached_input_tokens', code: 'ingest.missing', costUsd: null },
    },
    {
      text: '{"uncached_input_tokens": 1, "output_tokens": 2.5}',
      ...{ column: 'output_tokens', code: 'ingest.bad_tokens', costUsd: null },
    },
    {
      text: '{"uncached_input_tokens": 1, "cache_creation": {"ephemeral_1h_input_tokens": "x"}, "output_tokens": 2}',
      ...{ column: 'cache_creation.ephemeral_1h_input_tokens', code: 'ingest.bad_tokens', costUsd: null },
    },
  ],
  ...buckets,
}
