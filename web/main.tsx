import { QueryClientProvider } from '@tanstack/solid-query'
import { lazy } from 'solid-js'
import { render } from 'solid-js/web'
import { Hints } from './components/hints.tsx'
import { Toasts } from './components/toasts.tsx'
import { createQueries } from './queries.ts'
import { Routes } from './routes.tsx'
import { readablePath } from './shell/readable-path.ts'

// Before the router looks: what it cannot read would leave the screen empty.
const readable = readablePath(window.location.pathname)
if (readable !== null) window.history.replaceState(null, '', readable)

// One cache: written into the JSX, the call would be a getter and make a new one each time it is read.
const queries = createQueries()
const Live = lazy(() => import('./live.tsx'))

render(
  () => (
    <QueryClientProvider client={queries}>
      <Routes />
      <Live />
      <Toasts />
      <Hints />
    </QueryClientProvider>
  ),
  document.getElementById('root')!,
)
