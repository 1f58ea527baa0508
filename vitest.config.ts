import { defineConfig } from 'vitest/config'

// Days are UTC whatever the machine thinks: a zone far from it makes a slip visible.
process.env.TZ = 'Pacific/Auckland'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{db,worker,web,seeds,ops,cli,bench}/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/*.e2e.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'int',
          environment: 'node',
          include: ['{db,worker,client,cli}/**/*.int.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['web/**/*.e2e.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          retry: process.env.CI ? 1 : 0, // of hundreds of walks through a browser on a busy machine; on a desk each one counts
        },
      },
    ],
  },
})
