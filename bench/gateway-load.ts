/** One case of load in a process of its own: asks as soon as it is answered, looks at every answer, prints what it took. */
import { Agent, request } from 'node:http'
import { timesOf } from './times.ts'

/** What is asked of whom; `calls` ends it after so many, else `seconds` do. */
export type Load = {
  url: string
  headers: Record<string, string>
  isStream: boolean
  connections: number
  seconds: number
  warmSeconds: number
}

/** Milliseconds; `first` until the first byte of the body. */
export type Loaded = { calls: number; perSecond: number; p50: number; p99: number; first: number; all: number }

const load = JSON.parse(process.argv[2] ?? '{}') as Load
const { connections, isStream, url } = load
const words = [
  { role: 'system', content: 'You are a helpful assistant. '.repeat(10) },
  { role: 'user', content: 'Summarise the cost report. '.repeat(20) },
]
const more = isStream ? { stream: true, stream_options: { include_usage: true } } : {}
const body = Buffer.from(JSON.stringify({ model: 'bench-2026', messages: words, max_tokens: 64, ...more }))
const headers = { 'content-type': 'application/json', 'content-length': body.length, ...load.headers }
const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' })
const times: number[] = []
const firsts: number[] = []
let [isCounting, isOver, all] = [false, false, 0]

function ask(): Promise<void> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', headers, agent }, (response) => {
      const pieces: Buffer[] = []
      let firstMs = 0
      response.on('data', (piece: Buffer) => {
        if (pieces.length === 0) firstMs = performance.now() - startedAt
        pieces.push(piece)
      })
      response.on('error', reject)
      response.on('end', () => {
        const ms = performance.now() - startedAt
        const text = Buffer.concat(pieces).toString('latin1')
        const isRight = text.includes('"prompt_tokens":123') && (!isStream || text.includes('data: [DONE]'))
        if (response.statusCode !== 200 || !isRight) {
          reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 300)}`))
          return
        }
        all += 1
        if (isCounting) {
          times.push(ms)
          firsts.push(firstMs)
        }
        resolve()
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

const turns = Array.from({ length: connections }, async () => {
  while (!isOver) await ask()
})
const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))
await Promise.race([wait(load.warmSeconds), ...turns])
isCounting = true
const startedAt = performance.now()
await Promise.race([wait(load.seconds), ...turns])
const seconds = (performance.now() - startedAt) / 1000
isCounting = false
isOver = true
const { calls, p50, p99 } = timesOf(times)
await Promise.all(turns)
agent.destroy()
console.log(JSON.stringify({ calls, perSecond: calls / seconds, p50, p99, first: timesOf(firsts).p50, all }))
