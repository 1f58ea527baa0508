import { expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { everyStep } from './every-step.ts'

it('a step that fails is told at the end, and keeps no later one from its work', async () => {
  const done: string[] = []
  const fail = (name: string) => () => {
    done.push(name)
    throw new Error(`${name} failed`)
  }
  const steps = [
    ['one', fail('one')],
    ['two', async () => void done.push('two')],
    ['three', fail('three')],
  ] as const
  await expect(everyStep({ ...createLog('error'), error: () => undefined }, steps)).rejects.toThrow('one failed')
  expect(done).toEqual(['one', 'two', 'three'])
})
