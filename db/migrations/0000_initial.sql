CREATE TABLE `cost_entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`entry_date` text NOT NULL,
	`pool_id` integer NOT NULL,
	`source` text DEFAULT '' NOT NULL,
	`billing_account` text DEFAULT '' NOT NULL,
	`account` text DEFAULT '' NOT NULL,
	`billing_period` text DEFAULT '' NOT NULL,
	`region` text DEFAULT '' NOT NULL,
	`sku` text DEFAULT '' NOT NULL,
	`charge_category` text DEFAULT '' NOT NULL,
	`pricing_category` text DEFAULT '' NOT NULL,
	`billed_nano_usd` integer NOT NULL,
	`effective_nano_usd` integer NOT NULL,
	`capacity_gpu_seconds` integer,
	`line_count` integer DEFAULT 1 NOT NULL,
	`created_by` integer DEFAULT 0 NOT NULL,
	`changed_by` integer DEFAULT 0 NOT NULL,
	`seen_by` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "cost_entries_date_ck" CHECK("cost_entries"."entry_date" glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	CONSTRAINT "cost_entries_capacity_ck" CHECK("cost_entries"."capacity_gpu_seconds" >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `cost_entries_key` ON `cost_entries` (`entry_date`,`pool_id`,`source`,`billing_account`,`account`,`billing_period`,`region`,`sku`,`charge_category`,`pricing_category`);--> statement-breakpoint
CREATE INDEX `cost_entries_period_idx` ON `cost_entries` (`source`,`billing_account`,`billing_period`) WHERE billing_period <> '';--> statement-breakpoint
CREATE TABLE `ledger_size` (
	`id` integer PRIMARY KEY NOT NULL,
	`abs_nano_usd` integer NOT NULL,
	CONSTRAINT "ledger_size_one_ck" CHECK("ledger_size"."id" = 1),
	CONSTRAINT "ledger_size_ck" CHECK("ledger_size"."abs_nano_usd" between 0 and 9000000000000000000)
) STRICT;
--> statement-breakpoint
CREATE TABLE `usage_snapshots` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`entry_date` text NOT NULL,
	`pool_id` integer NOT NULL,
	`gpu_seconds` integer NOT NULL,
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "usage_snapshots_seconds_ck" CHECK("usage_snapshots"."gpu_seconds" >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `usage_snapshots_key` ON `usage_snapshots` (`entry_date`,`pool_id`);--> statement-breakpoint
CREATE TABLE `imports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`format` text NOT NULL,
	`source` text NOT NULL,
	`file_name` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`is_dry_run` integer DEFAULT 0 NOT NULL,
	`user_id` integer,
	`actor` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`progressed_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`bytes_read` integer DEFAULT 0 NOT NULL,
	`rows_read` integer DEFAULT 0 NOT NULL,
	`skipped` integer DEFAULT 0 NOT NULL,
	`inserted` integer DEFAULT 0 NOT NULL,
	`updated` integer DEFAULT 0 NOT NULL,
	`unchanged` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`removed` integer DEFAULT 0 NOT NULL,
	`gpu_seconds` integer DEFAULT 0 NOT NULL,
	`file_cost_usd` text DEFAULT '0.00' NOT NULL,
	`quarantined_cost_usd` text DEFAULT '0.00' NOT NULL,
	`stored_cost_nano_usd` integer DEFAULT 0 NOT NULL,
	`file_effective_cost_usd` text DEFAULT '0.00' NOT NULL,
	`quarantined_effective_cost_usd` text DEFAULT '0.00' NOT NULL,
	`stored_effective_cost_nano_usd` integer DEFAULT 0 NOT NULL,
	`message` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "imports_status_ck" CHECK("imports"."status" in ('reading', 'storing', 'success', 'partial_success', 'failed'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `imports_user_idx` ON `imports` (`user_id`);--> statement-breakpoint
CREATE INDEX `imports_open_idx` ON `imports` (`progressed_at_ms`) WHERE status in ('reading', 'storing');--> statement-breakpoint
CREATE TABLE `quarantined_rows` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`import_id` integer NOT NULL,
	`line` integer NOT NULL,
	`column_name` text,
	`code` text NOT NULL,
	`message` text NOT NULL,
	`cost_usd` text,
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `quarantined_rows_import_idx` ON `quarantined_rows` (`import_id`,`line`);--> statement-breakpoint
CREATE TABLE `staged_costs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`import_id` integer NOT NULL,
	`line` integer NOT NULL,
	`entry_date` text NOT NULL,
	`provider` text NOT NULL,
	`gpu_type` text NOT NULL,
	`billing_account` text NOT NULL,
	`account` text NOT NULL,
	`billing_period` text NOT NULL,
	`region` text NOT NULL,
	`sku` text NOT NULL,
	`charge_category` text NOT NULL,
	`pricing_category` text NOT NULL,
	`billed_nano_usd` integer NOT NULL,
	`effective_nano_usd` integer NOT NULL,
	`capacity_gpu_seconds` integer,
	`line_count` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `staged_costs_key` ON `staged_costs` (`import_id`,`entry_date`,`provider`,`gpu_type`,`billing_account`,`account`,`billing_period`,`region`,`sku`,`charge_category`,`pricing_category`);--> statement-breakpoint
CREATE TABLE `staged_jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`import_id` integer NOT NULL,
	`line` integer NOT NULL,
	`job_id` text NOT NULL,
	`run` text NOT NULL,
	`team_name` text NOT NULL,
	`model_name` text NOT NULL,
	`provider` text NOT NULL,
	`gpu_type` text NOT NULL,
	`gpu_count` integer NOT NULL,
	`started_at_ms` integer,
	`ended_at_ms` integer,
	`status` text NOT NULL,
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `staged_jobs_key` ON `staged_jobs` (`import_id`,`job_id`,`run`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source` text DEFAULT '' NOT NULL,
	`job_id` text NOT NULL,
	`run` text DEFAULT '' NOT NULL,
	`team_id` integer NOT NULL,
	`model_name` text DEFAULT '' NOT NULL,
	`pool_id` integer NOT NULL,
	`gpu_count` integer DEFAULT 1 NOT NULL,
	`started_at_ms` integer,
	`ended_at_ms` integer,
	`status` text NOT NULL,
	`created_by` integer DEFAULT 0 NOT NULL,
	`changed_by` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "jobs_status_ck" CHECK("jobs"."status" in ('pending', 'running', 'completed', 'failed', 'cancelled')),
	CONSTRAINT "jobs_gpu_count_ck" CHECK("jobs"."gpu_count" >= 0),
	CONSTRAINT "jobs_order_ck" CHECK("jobs"."ended_at_ms" >= "jobs"."started_at_ms")
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_key` ON `jobs` (`job_id`,`source`,`run`);--> statement-breakpoint
CREATE INDEX `jobs_team_idx` ON `jobs` (`team_id`);--> statement-breakpoint
CREATE INDEX `jobs_running_idx` ON `jobs` (`started_at_ms`) WHERE status = 'running';--> statement-breakpoint
CREATE TABLE `changed_jobs` (
	`job_id` integer PRIMARY KEY NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `job_day_shares` (
	`day` text NOT NULL,
	`pool_id` integer NOT NULL,
	`job_id` integer NOT NULL,
	`gpu_seconds` integer NOT NULL,
	`allocation_nano_usd` integer,
	`usage_nano_usd` integer,
	PRIMARY KEY(`day`, `pool_id`, `job_id`),
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "job_day_shares_seconds_ck" CHECK("job_day_shares"."gpu_seconds" > 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `job_day_shares_job_idx` ON `job_day_shares` (`job_id`);--> statement-breakpoint
CREATE TABLE `pool_days` (
	`day` text NOT NULL,
	`pool_id` integer NOT NULL,
	`cost_nano_usd` integer,
	`capacity_gpu_seconds` integer,
	`held_gpu_seconds` integer DEFAULT 0 NOT NULL,
	`unallocated_nano_usd` integer DEFAULT 0 NOT NULL,
	`idle_nano_usd` integer DEFAULT 0 NOT NULL,
	`unmeasured_nano_usd` integer DEFAULT 0 NOT NULL,
	`is_stale` integer DEFAULT 0 NOT NULL,
	`shared_at_ms` integer,
	PRIMARY KEY(`day`, `pool_id`),
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "pool_days_held_ck" CHECK("pool_days"."held_gpu_seconds" >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `pool_days_pool_idx` ON `pool_days` (`pool_id`);--> statement-breakpoint
CREATE INDEX `pool_days_stale_idx` ON `pool_days` (`day`,`pool_id`) WHERE is_stale = 1;--> statement-breakpoint
CREATE TABLE `pools` (
	`id` integer PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`gpu_type` text NOT NULL,
	CONSTRAINT "pools_provider_ck" CHECK("pools"."provider" <> '' and "pools"."provider" = lower(trim("pools"."provider"))),
	CONSTRAINT "pools_gpu_type_ck" CHECK("pools"."gpu_type" = lower(trim("pools"."gpu_type")))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `pools_key` ON `pools` (`provider`,`gpu_type`);--> statement-breakpoint
CREATE TABLE `sharing_pool_days` (
	`day` text NOT NULL,
	`pool_id` integer NOT NULL,
	PRIMARY KEY(`day`, `pool_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `teams` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`budget_nano_usd` integer,
	`is_demo` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "teams_name_ck" CHECK(length(trim("teams"."name")) between 1 and 200),
	CONSTRAINT "teams_budget_ck" CHECK("teams"."budget_nano_usd" >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `teams_name_key` ON `teams` ("name" collate nocase);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`family` text NOT NULL,
	`kind` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`replaced_at_ms` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "sessions_kind_ck" CHECK("sessions"."kind" in ('browser', 'token'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `sessions_user_idx` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_family_idx` ON `sessions` (`family`);--> statement-breakpoint
CREATE INDEX `sessions_expiry_idx` ON `sessions` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`email` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`role` text NOT NULL,
	`team_id` integer,
	`password_hash` text NOT NULL,
	`is_disabled` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "users_role_ck" CHECK("users"."role" in ('admin', 'finance', 'developer', 'viewer'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_team_idx` ON `users` (`team_id`);