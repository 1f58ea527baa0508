import { expect, test } from 'vitest'
import { isProbablySecret } from './header-value-input.ts'

test.each([
  ...['sk-abcdef123456', 'key is sk-proj-ABCDEFG', 'Bearer x', 'bearer abc', 'Basic dXNlcjpwYXNz', 'Token 12'],
  ...[`hlx_${'a2b3'.repeat(14)}`, 'hf_AbCdEfGhIjKl', 'gsk_abcdefgh', 'AKIAIOSFODNN7EXAMPLE', 'eyJhbGciOi.eyJzdWIi.abc'],
  ...['AIzaSyD4x8', 'https://me:hidden@proxy.example.com', 'api_key=1', 'd41d8cd98f00b204e9800998ecf8427e'],
  ...['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'x; a8Kq02LmZp91TtYw77Bv', 'Zm9vYmFy-Lk3_9xQ2-T7pW_mN4vB1cR8sD5fG6h'],
])('%s is taken for a secret', (value) => expect(isProbablySecret(value)).toBe(true))

test.each([
  ...[
    '',
    'research',
    'team a, project b',
    '2024-02-15-preview',
    'prompt-caching-2024-07-31,interleaved-thinking-2025-05-14',
  ],
  ...['org-AbCdEfGhIjKlMnOpQrStUvWx', 'proj_AbCdEfGhIjKlMnOpQrStUvWx', '0191f3a4-7c1b-7e20-9a6e-3f6b2c1d4e5f'],
  ...[
    'https://heliox.example.com/docs/gateway',
    'Heliox/1.0 (+https://example.com)',
    'application/json; charset=utf-8',
  ],
  ...['meta-llama/Llama-3.3-70B-Instruct-Turbo', 'us-east-1', 'true', '1772366400000', 'disk-cache-v2', 'task-force-9'],
  ...['gpu-pool-a100-80gb-preemptible-europe-west4-b', 'a'.repeat(200), 'monkey-business'],
])('%s is not', (value) => expect(isProbablySecret(value)).toBe(false))
