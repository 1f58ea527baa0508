import { createSignal } from 'solid-js'

export type Theme = 'light' | 'dark'

const KEY = 'heliox.theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')
const systemTheme = (): Theme => (system.matches ? 'dark' : 'light')
const chosen = document.documentElement.dataset.theme

const [theme, setTheme] = createSignal<Theme>(chosen === 'light' || chosen === 'dark' ? chosen : systemTheme())
system.addEventListener('change', () => {
  if (!document.documentElement.dataset.theme) setTheme(systemTheme())
})

/** The theme on screen: the reader's choice, else the system's. */
export { theme }

/** Turns to the other theme and remembers it; choosing the system's own theme goes back to following it. */
export function toggleTheme(): void {
  const next: Theme = theme() === 'dark' ? 'light' : 'dark'
  const follows = next === systemTheme()
  if (follows) delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  setTheme(next)
  try {
    if (follows) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}
