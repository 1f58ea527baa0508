DROP TABLE `ledger_size`;
--> statement-breakpoint
DROP TABLE `changed_jobs`;
--> statement-breakpoint
DROP TABLE `sharing_pool_days`;
--> statement-breakpoint
DROP TABLE `job_day_shares`;
--> statement-breakpoint
DROP TABLE `pool_days`;
--> statement-breakpoint
DROP TABLE `staged_jobs`;
--> statement-breakpoint
DROP TABLE `staged_costs`;
--> statement-breakpoint
DROP TABLE `quarantined_rows`;
--> statement-breakpoint
DROP TABLE `usage_snapshots`;
--> statement-breakpoint
DROP TABLE `cost_entries`;
--> statement-breakpoint
DROP TABLE `jobs`;
--> statement-breakpoint
DROP TABLE `imports`;
--> statement-breakpoint
DROP TABLE `sessions`;
--> statement-breakpoint
DROP TABLE `users`;
--> statement-breakpoint
DROP TABLE `pools`;
--> statement-breakpoint
DROP TABLE `teams`;
