// Runs before the first paint, so that a remembered theme does not flash. theme.ts does the rest.
try {
  const theme = localStorage.getItem('heliox.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is blocked: the system's theme it is.
}
