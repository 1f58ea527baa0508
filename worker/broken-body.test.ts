import { expect, onTestFinished, test, vi } from 'vitest'
import { startHeliox } from './testing.ts'

/** A body that breaks off after its first bytes. `announced`: with a length, as most clients send it. */
function broken(type: string, announced: boolean): RequestInit {
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) return controller.error(new TypeError('Network connection lost.'))
      sent = true
      controller.enqueue(new TextEncoder().encode('{"model": "echo", '))
    },
  })
  const headers = { 'content-type': type, ...(announced ? { 'content-length': '500' } : {}) }
  return { method: 'POST', body, headers, duplex: 'half' } as RequestInit
}

test.each([
  ['/v1/chat/completions', 'application/json'],
  ['/v1/embeddings', 'application/json'],
  ['/api/v1/teams', 'application/json'],
  ['/api/v1/teams', 'application/x-www-form-urlencoded'],
  ['/api/v1/imports?format=jobs-csv', 'text/csv'],
  ['/trpc/teams.create', 'application/json'],
])('a body to %s (%s) that breaks off is 400, and no error of ours', async (path, type) => {
  const { fetch } = await startHeliox()
  const logged = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  onTestFinished(() => logged.mockRestore())
  for (const announced of [false, true]) {
    const response = await fetch(path, broken(type, announced))
    const text = await response.text()
    expect([announced, response.status]).toEqual([announced, 400])
    expect(text).toMatch(/broke off|connection lost/)
  }
  expect(logged.mock.calls).toEqual([])
})
