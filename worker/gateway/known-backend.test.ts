import { expect, test } from 'vitest'
import { backendAddressRefusal } from './known-backend.ts'

const PRODUCTION = { environment: 'production', allowPrivateBackends: false } as const
const OWN_NETWORK = { environment: 'production', allowPrivateBackends: true } as const
const DEVELOPMENT = { environment: 'development', allowPrivateBackends: true } as const
const why = (baseUrl: string) =>
  [PRODUCTION, OWN_NETWORK, DEVELOPMENT].map((reach) => backendAddressRefusal(reach, baseUrl))

test.each([
  ...['https://127.0.0.1/v1', 'https://10.1.2.3/v1', 'https://172.16.0.1/v1', 'https://192.168.0.1:8000/v1'],
  ...['https://169.254.169.254/latest', 'https://100.100.100.200/latest', 'https://0.0.0.0/', 'https://0x7f.1/'],
  ...['https://2130706433/', 'https://017700000001/', 'https://127.1/', 'https://10.0.0.1./v1'],
  ...[
    'https://[::1]/v1',
    'https://[::]/v1',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::7f00:1]/',
  ],
  ...['https://168.63.129.16/', 'https://0xa83f8110/', 'https://[::ffff:168.63.129.16]/', 'https://192.0.0.192/opc'],
  ...['https://[fd00:ec2::254]/', 'https://[fe80::1]/', 'https://[64:ff9b::a9fe:a9fe]/', 'https://[2002:7f00:1::]/'],
  ...['https://localhost/', 'https://localhost./', 'https://vllm.localhost/', 'https://metadata.google.internal/'],
  ...['https://METADATA.GOOGLE.INTERNAL./', 'https://vllm/', 'https://vllm.gpu.svc/', 'https://a.svc.cluster.local../'],
])('%s is inside: a backend only where the deployment allows it', (baseUrl) => {
  expect(why(baseUrl)).toEqual([expect.stringContaining('ALLOW_PRIVATE_BACKENDS'), null, null])
})

test.each(['https://api.example.com/v1', 'https://93.184.216.34/v1', 'https://[2606:2800:220:1::1]/v1', ''])(
  '"%s" is a backend everywhere',
  (baseUrl) => expect(why(baseUrl)).toEqual([null, null, null]),
)

test('out of development everything but one’s own network is asked over https', () => {
  expect(why('http://api.example.com/v1')).toEqual(['must be asked over https', 'must be asked over https', null])
  expect(why('http://vllm.gpu.svc:8000/v1').slice(1)).toEqual([null, null])
})

test.each(['ftp://example.com/', 'file:///etc/passwd', 'https://me:secret@example.com/v1', 'nonsense'])(
  '%s is no backend anywhere',
  (baseUrl) => expect(why(baseUrl)).toEqual([expect.any(String), expect.any(String), expect.any(String)]),
)
