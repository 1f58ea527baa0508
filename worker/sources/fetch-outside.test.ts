import { expect, test } from 'vitest'
import { requireReachable } from './fetch-outside.ts'

const reach = (address: string, allowPrivateSources = false) => {
  try {
    requireReachable({ allowPrivateSources }, new URL(address))
    return 'reached'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test.each([
  ...[
    'http://127.0.0.1/',
    'http://10.1.2.3/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest',
    'http://0x7f.1/',
  ],
  ...[
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[fd00::1]/',
  ],
  ...[
    'http://[fe80::1]/',
    'http://localhost/',
    'http://localhost./',
    'http://a.local../',
    'http://opencost.opencost.svc/',
  ],
  ...['http://168.63.129.16/machine'],
  ...['https://bills.corp/', 'https://bills.intranet/', 'http://db.internal/', 'http://metadata/'],
])('%s is inside, and reached only where the deployment says so', (address) => {
  expect([reach(address), reach(address, true)]).toEqual(['sources.address_refused', 'reached'])
})

test.each([
  'https://example.com/bill.csv',
  'http://93.184.216.34/',
  'https://[2606:2800:220:1::1]/',
  'https://svc.example.com/',
])('%s is outside', (address) => expect(reach(address)).toBe('reached'))

test.each(['ftp://example.com/', 'file:///etc/passwd', 'https://me:secret@example.com/'])(
  '%s is no address of a source',
  (address) => expect(reach(address, true)).toBe('sources.address_refused'),
)
