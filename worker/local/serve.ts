/** `npm run serve`: Heliox as it is hosted by oneself, on workerd alone. See docs/self-host.md. */
process.env.HELIOX_SERVE = '1'
process.env.HELIOX_DEMO ??= '0'
await import('./start.ts')

export {}
