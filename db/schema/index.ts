/** The list of tables; drizzle-kit and the client read it. Adding one: its family's file, a line here, `npm run db:generate`. */
export * from './costs.ts'
export * from './ingest.ts'
export * from './jobs.ts'
export * from './pools.ts'
export * from './teams.ts'
export * from './users.ts'
