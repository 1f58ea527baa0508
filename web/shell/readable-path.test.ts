import { expect, test } from 'vitest'
import { readablePath } from './readable-path.ts'

test('what the router cannot read becomes a path that it can; every other path stays', () => {
  for (const path of ['/', '/jobs/job_1', '/explore', '/m%C3%BCnchen'])
    expect([path, readablePath(path)]).toEqual([path, null])
  expect(['/foo//bar', '/jobs//', '/;//evil', '/%E0%A4%A', '/jobs/%'].map(readablePath)).toEqual([
    ...['/foo/bar', '/jobs/', '/;/evil', '/not-found', '/not-found'],
  ])
})
