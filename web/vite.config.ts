import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const worker = 'http://127.0.0.1:8787'

export default defineConfig({
  root: at('.'),
  plugins: [solid()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // light-dark() stays as written: its older substitute doubles every token.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The two large files load when needed: the chart library with the first chart, the other with /docs.
    chunkSizeWarningLimit: 1_800,
    rolldownOptions: { input: ['index.html', 'docs.html'].map(at) },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/trpc', '/v1', '/health'].map((path) => [path, worker])),
  },
})
