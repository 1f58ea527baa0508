ALTER TABLE `quarantined_rows` DROP COLUMN `resolved_by`;
--> statement-breakpoint
ALTER TABLE `quarantined_rows` DROP COLUMN `record`;
--> statement-breakpoint
ALTER TABLE `quarantined_rows` DROP COLUMN `effective_cost_usd`;
--> statement-breakpoint
ALTER TABLE `usage_snapshots` DROP COLUMN `seen_by`;
--> statement-breakpoint
ALTER TABLE `usage_snapshots` DROP COLUMN `changed_by`;
--> statement-breakpoint
ALTER TABLE `usage_snapshots` DROP COLUMN `created_by`;
--> statement-breakpoint
ALTER TABLE `usage_snapshots` DROP COLUMN `source`;
--> statement-breakpoint
ALTER TABLE `usage_snapshots` DROP COLUMN `measured_gpu_seconds`;
--> statement-breakpoint
ALTER TABLE `cost_entries` DROP COLUMN `dimension_id`;
--> statement-breakpoint
ALTER TABLE `cost_entries` DROP COLUMN `bill_id`;
--> statement-breakpoint
ALTER TABLE `cost_entries` DROP COLUMN `usage_seconds`;
--> statement-breakpoint
ALTER TABLE `cost_entries` DROP COLUMN `billed_currency_nano`;
--> statement-breakpoint
ALTER TABLE `cost_entries` DROP COLUMN `list_nano_usd`;
--> statement-breakpoint
CREATE TABLE `imports_next` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`format` text NOT NULL,
	`source` text NOT NULL,
	`file_name` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`is_dry_run` integer DEFAULT 0 NOT NULL,
	`user_id` integer,
	`key_id` integer,
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
	CONSTRAINT "imports_status_ck" CHECK("status" in ('reading', 'storing', 'success', 'partial_success', 'failed'))
) STRICT;
--> statement-breakpoint
INSERT INTO `imports_next` (`id`, `format`, `source`, `file_name`, `status`, `is_dry_run`, `user_id`, `key_id`, `actor`, `started_at_ms`, `progressed_at_ms`, `finished_at_ms`, `bytes_read`, `rows_read`, `skipped`, `inserted`, `updated`, `unchanged`, `failed`, `removed`, `gpu_seconds`, `file_cost_usd`, `quarantined_cost_usd`, `stored_cost_nano_usd`, `file_effective_cost_usd`, `quarantined_effective_cost_usd`, `stored_effective_cost_nano_usd`, `message`)
  SELECT `id`, `format`, `source`, `file_name`, iif(`status` in ('reading', 'storing', 'success', 'partial_success'), `status`, 'failed'), `is_dry_run`, `user_id`, `key_id`, `actor`, `started_at_ms`, `progressed_at_ms`, `finished_at_ms`, `bytes_read`, `rows_read`, `skipped`, `inserted`, `updated`, `unchanged`, `failed`, `removed`, `gpu_seconds`, `file_cost_usd`, `quarantined_cost_usd`, `stored_cost_nano_usd`, `file_effective_cost_usd`, `quarantined_effective_cost_usd`, `stored_effective_cost_nano_usd`, `message` FROM `imports`;
--> statement-breakpoint
CREATE TABLE `kept_rows` AS SELECT * FROM `quarantined_rows`;
--> statement-breakpoint
DROP TABLE `imports`;
--> statement-breakpoint
ALTER TABLE `imports_next` RENAME TO `imports`;
--> statement-breakpoint
INSERT OR IGNORE INTO `quarantined_rows` SELECT * FROM `kept_rows`;
--> statement-breakpoint
DROP TABLE `kept_rows`;
--> statement-breakpoint
CREATE INDEX `imports_user_idx` ON `imports` (`user_id`);
--> statement-breakpoint
CREATE INDEX `imports_open_idx` ON `imports` (`progressed_at_ms`) WHERE status in ('reading', 'storing');
--> statement-breakpoint
DROP TABLE `token_usage`;
--> statement-breakpoint
DROP TABLE `source_runs`;
--> statement-breakpoint
DROP TABLE `sources`;
--> statement-breakpoint
DROP TABLE `currency_rates`;
--> statement-breakpoint
DROP TABLE `gpu_rules`;
--> statement-breakpoint
DROP TABLE `cost_dimensions`;
--> statement-breakpoint
DROP TABLE `bills`;
--> statement-breakpoint
DROP TABLE `bill_days`;
