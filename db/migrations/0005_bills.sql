CREATE TABLE `bill_days` (
	`day` text NOT NULL,
	`pool_id` integer NOT NULL,
	`bill_id` integer NOT NULL,
	`billed_nano_usd` integer NOT NULL,
	`effective_nano_usd` integer NOT NULL,
	`capacity_gpu_seconds` integer,
	PRIMARY KEY(`day`, `pool_id`, `bill_id`),
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `bill_days_bill_idx` ON `bill_days` (`bill_id`);--> statement-breakpoint
CREATE TABLE `bills` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`import_id` integer,
	`source` text DEFAULT '' NOT NULL,
	`billing_account` text DEFAULT '' NOT NULL,
	`billing_period` text DEFAULT '' NOT NULL,
	`part` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`line_count` integer DEFAULT 0 NOT NULL,
	`billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`effective_nano_usd` integer DEFAULT 0 NOT NULL,
	`abs_nano_usd` integer DEFAULT 0 NOT NULL,
	`superseded_by` integer,
	`current_since_ms` integer,
	`ended_at_ms` integer,
	CONSTRAINT "bills_status_ck" CHECK("bills"."status" in ('pending', 'current', 'superseded', 'removed'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `bills_current_key` ON `bills` (`source`,`billing_account`,`billing_period`,`part`) WHERE status = 'current';--> statement-breakpoint
CREATE INDEX `bills_import_idx` ON `bills` (`import_id`);--> statement-breakpoint
CREATE INDEX `bills_ended_idx` ON `bills` (`ended_at_ms`) WHERE ended_at_ms is not null;--> statement-breakpoint
CREATE TABLE `cost_dimensions` (
	`id` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`source` text NOT NULL,
	`billing_account` text NOT NULL,
	`account` text NOT NULL,
	`billing_period` text NOT NULL,
	`region` text NOT NULL,
	`service` text NOT NULL,
	`sku` text NOT NULL,
	`item` text NOT NULL,
	`instance_type` text NOT NULL,
	`charge_category` text NOT NULL,
	`pricing_category` text NOT NULL,
	`currency` text NOT NULL,
	`tags` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `cost_dimensions_key` ON `cost_dimensions` (`key`);--> statement-breakpoint
CREATE TABLE `gpu_rules` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`provider` text DEFAULT '' NOT NULL,
	`service` text DEFAULT '' NOT NULL,
	`sku` text DEFAULT '' NOT NULL,
	`instance_type` text DEFAULT '' NOT NULL,
	`item_contains` text DEFAULT '' NOT NULL,
	`gpu_type` text NOT NULL,
	`gpu_count` integer,
	`note` text DEFAULT '' NOT NULL,
	`user_id` integer,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "gpu_rules_count_ck" CHECK("gpu_rules"."gpu_count" > 0),
	CONSTRAINT "gpu_rules_condition_ck" CHECK("gpu_rules"."provider" || "gpu_rules"."service" || "gpu_rules"."sku" || "gpu_rules"."instance_type" || "gpu_rules"."item_contains" <> '')
) STRICT;
--> statement-breakpoint
CREATE TABLE `currency_rates` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`currency` text NOT NULL,
	`effective_from` text NOT NULL,
	`usd_per_unit` text NOT NULL,
	`source` text DEFAULT '' NOT NULL,
	`created_at_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `currency_rates_key` ON `currency_rates` (`currency`,`effective_from`);--> statement-breakpoint
CREATE TABLE `source_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source_id` integer NOT NULL,
	`due_at_ms` integer NOT NULL,
	`actor` text NOT NULL,
	`status` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`leased_until_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`attempts` integer DEFAULT 1 NOT NULL,
	`file_count` integer DEFAULT 0 NOT NULL,
	`imports_json` text DEFAULT '[]' NOT NULL,
	`message` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`source_id`) REFERENCES `sources`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "source_runs_status_ck" CHECK("source_runs"."status" in ('running', 'success', 'failed'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `source_runs_key` ON `source_runs` (`source_id`,`due_at_ms`);--> statement-breakpoint
CREATE INDEX `source_runs_open_idx` ON `source_runs` (`leased_until_ms`) WHERE status = 'running';--> statement-breakpoint
CREATE TABLE `sources` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`format` text NOT NULL,
	`config_json` text NOT NULL,
	`sealed_secrets` text DEFAULT '' NOT NULL,
	`source` text NOT NULL,
	`provider` text DEFAULT '' NOT NULL,
	`currency` text DEFAULT '' NOT NULL,
	`time_zone` text DEFAULT '' NOT NULL,
	`is_enabled` integer DEFAULT 1 NOT NULL,
	`state_json` text DEFAULT '{}' NOT NULL,
	`user_id` integer,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "sources_kind_ck" CHECK("sources"."kind" in ('s3', 'https', 'opencost', 'prometheus'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `sources_name_key` ON `sources` (lower(name));--> statement-breakpoint
CREATE TABLE `token_usage` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source` text NOT NULL,
	`record_id` text NOT NULL,
	`day` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`provider` text NOT NULL,
	`model` text DEFAULT '' NOT NULL,
	`team_id` integer,
	`project` text DEFAULT '' NOT NULL,
	`user_name` text DEFAULT '' NOT NULL,
	`key_name` text DEFAULT '' NOT NULL,
	`status` text DEFAULT 'completed' NOT NULL,
	`request_count` integer DEFAULT 1 NOT NULL,
	`input_tokens` integer,
	`cached_input_tokens` integer,
	`cache_write_tokens` integer,
	`output_tokens` integer,
	`reasoning_tokens` integer,
	`cost_nano_usd` integer,
	`cost_grade` text NOT NULL,
	`latency_ms` integer,
	`time_to_first_token_ms` integer,
	`created_by` integer DEFAULT 0 NOT NULL,
	`changed_by` integer DEFAULT 0 NOT NULL,
	`seen_by` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "token_usage_status_ck" CHECK("token_usage"."status" in ('completed', 'failed', 'cancelled')),
	CONSTRAINT "token_usage_grade_ck" CHECK("token_usage"."cost_grade" in ('reported', 'computed', 'estimated', 'unpriced')),
	CONSTRAINT "token_usage_unpriced_ck" CHECK(("token_usage"."cost_nano_usd" is null) = ("token_usage"."cost_grade" = 'unpriced'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `token_usage_key` ON `token_usage` (`source`,`record_id`);--> statement-breakpoint
CREATE INDEX `token_usage_day_idx` ON `token_usage` (`day`);--> statement-breakpoint
CREATE INDEX `token_usage_team_idx` ON `token_usage` (`team_id`);--> statement-breakpoint
CREATE TABLE `imports_next` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`format` text NOT NULL,
	`source` text NOT NULL,
	`part` text DEFAULT '' NOT NULL,
	`provider` text DEFAULT '' NOT NULL,
	`currency` text DEFAULT '' NOT NULL,
	`time_zone` text DEFAULT '' NOT NULL,
	`file_name` text DEFAULT '' NOT NULL,
	`recognised_by` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`is_dry_run` integer DEFAULT 0 NOT NULL,
	`user_id` integer,
	`key_id` integer,
	`actor` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`progressed_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`bytes_read` integer DEFAULT 0 NOT NULL,
	`bytes_expected` integer DEFAULT 0 NOT NULL,
	`object_key` text DEFAULT '' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`is_cancel_asked` integer DEFAULT 0 NOT NULL,
	`frame_json` text DEFAULT '' NOT NULL,
	`cursor_rows` integer DEFAULT 0 NOT NULL,
	`cursor_mark` text DEFAULT '' NOT NULL,
	`is_read_whole` integer DEFAULT 0 NOT NULL,
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
	CONSTRAINT "imports_status_ck" CHECK("status" in ('queued', 'reading', 'storing', 'interrupted', 'success', 'partial_success', 'failed',
        'cancelled', 'removed'))
) STRICT;
--> statement-breakpoint
INSERT INTO `imports_next` (`id`, `format`, `source`, `file_name`, `status`, `is_dry_run`, `user_id`, `key_id`, `actor`, `started_at_ms`, `progressed_at_ms`, `finished_at_ms`, `bytes_read`, `rows_read`, `skipped`, `inserted`, `updated`, `unchanged`, `failed`, `removed`, `gpu_seconds`, `file_cost_usd`, `quarantined_cost_usd`, `stored_cost_nano_usd`, `file_effective_cost_usd`, `quarantined_effective_cost_usd`, `stored_effective_cost_nano_usd`, `message`)
  SELECT `id`, `format`, `source`, `file_name`, `status`, `is_dry_run`, `user_id`, `key_id`, `actor`, `started_at_ms`, `progressed_at_ms`, `finished_at_ms`, `bytes_read`, `rows_read`, `skipped`, `inserted`, `updated`, `unchanged`, `failed`, `removed`, `gpu_seconds`, `file_cost_usd`, `quarantined_cost_usd`, `stored_cost_nano_usd`, `file_effective_cost_usd`, `quarantined_effective_cost_usd`, `stored_effective_cost_nano_usd`, `message` FROM `imports`;
--> statement-breakpoint
DELETE FROM `sqlite_sequence` WHERE `name` = 'imports_next';
--> statement-breakpoint
INSERT INTO `sqlite_sequence` (`name`, `seq`) SELECT 'imports_next', `seq` FROM `sqlite_sequence` WHERE `name` = 'imports';
--> statement-breakpoint
CREATE TABLE `kept_rows` AS SELECT * FROM `quarantined_rows`;
--> statement-breakpoint
DROP TABLE `imports`;
--> statement-breakpoint
ALTER TABLE `imports_next` RENAME TO `imports`;
--> statement-breakpoint
INSERT OR IGNORE INTO `quarantined_rows` (`id`, `import_id`, `line`, `column_name`, `code`, `message`, `cost_usd`)
  SELECT `id`, `import_id`, `line`, `column_name`, `code`, `message`, `cost_usd` FROM `kept_rows`;
--> statement-breakpoint
DROP TABLE `kept_rows`;
--> statement-breakpoint
CREATE INDEX `imports_user_idx` ON `imports` (`user_id`);--> statement-breakpoint
CREATE INDEX `imports_open_idx` ON `imports` (`progressed_at_ms`) WHERE status in ('reading', 'storing');--> statement-breakpoint
ALTER TABLE `cost_entries` ADD `list_nano_usd` integer;--> statement-breakpoint
ALTER TABLE `cost_entries` ADD `billed_currency_nano` integer;--> statement-breakpoint
ALTER TABLE `cost_entries` ADD `usage_seconds` integer;--> statement-breakpoint
ALTER TABLE `cost_entries` ADD `bill_id` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `cost_entries` ADD `dimension_id` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `usage_snapshots` ADD `measured_gpu_seconds` integer;--> statement-breakpoint
ALTER TABLE `usage_snapshots` ADD `source` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `usage_snapshots` ADD `created_by` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `usage_snapshots` ADD `changed_by` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `usage_snapshots` ADD `seen_by` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `quarantined_rows` ADD `effective_cost_usd` text;--> statement-breakpoint
ALTER TABLE `quarantined_rows` ADD `record` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `quarantined_rows` ADD `resolved_by` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
INSERT INTO `bills` (`id`, `status`) VALUES (0, 'current');
