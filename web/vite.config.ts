import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

const worker = 'http://127.0.0.1:8787'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [solid()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // light-dark() stays as written: its older substitute doubles every token.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The one large file is the chart library, which loads with the first chart.
    chunkSizeWarningLimit: 650,
  },
  server: {
    proxy: Object.fromEntries(['/api', '/trpc', '/v1', '/health', '/docs'].map((path) => [path, worker])),
  },
})
