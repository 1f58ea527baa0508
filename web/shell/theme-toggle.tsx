import { Icon } from '../components/icon.tsx'
import { theme, toggleTheme } from '../theme.ts'

/** Turns the page light or dark; what it does is its name. */
export function ThemeToggle() {
  const label = () => `Switch to the ${theme() === 'dark' ? 'light' : 'dark'} theme`
  return (
    <button
      type="button"
      class="button is-quiet is-square"
      aria-label={label()}
      data-hint={label()}
      onClick={toggleTheme}
    >
      <Icon name={theme() === 'dark' ? 'sun' : 'moon'} />
    </button>
  )
}
