DROP TRIGGER `closed_months_added`;
--> statement-breakpoint
DROP TRIGGER `company_settings_changed`;
--> statement-breakpoint
DROP TRIGGER `company_settings_added`;
--> statement-breakpoint
DROP TRIGGER `teams_removed`;
--> statement-breakpoint
DROP TRIGGER `teams_changed`;
--> statement-breakpoint
DROP TRIGGER `teams_added`;
--> statement-breakpoint
DROP TRIGGER `pool_days_removed`;
--> statement-breakpoint
DROP TRIGGER `pool_days_changed`;
--> statement-breakpoint
DROP TRIGGER `pool_days_added`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_removed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_changed`;
--> statement-breakpoint
ALTER TABLE `staged_jobs` DROP COLUMN `job_name`;
--> statement-breakpoint
ALTER TABLE `staged_jobs` DROP COLUMN `user_name`;
--> statement-breakpoint
UPDATE `staged_jobs` SET `gpu_milli` = (`gpu_milli` + 999) / 1000;
--> statement-breakpoint
ALTER TABLE `staged_jobs` RENAME COLUMN `gpu_milli` TO `gpu_count`;
--> statement-breakpoint
UPDATE `imports` SET `gpu_ms` = (`gpu_ms` + 500) / 1000;
--> statement-breakpoint
ALTER TABLE `imports` RENAME COLUMN `gpu_ms` TO `gpu_seconds`;
--> statement-breakpoint
DROP INDEX `cost_dimensions_owner_idx`;
--> statement-breakpoint
ALTER TABLE `cost_dimensions` DROP COLUMN `owner_set`;
--> statement-breakpoint
ALTER TABLE `cost_dimensions` DROP COLUMN `owner`;
--> statement-breakpoint
ALTER TABLE `bill_days` DROP COLUMN `whole_day_lines`;
--> statement-breakpoint
ALTER TABLE `bill_days` DROP COLUMN `unlisted_nano_usd`;
--> statement-breakpoint
ALTER TABLE `bill_days` DROP COLUMN `list_nano_usd`;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_changed` AFTER UPDATE ON `cost_entries`
WHEN (SELECT `status` FROM `bills` WHERE `id` = new.`bill_id`) = 'current' BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`)) - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`));
  UPDATE `bills` SET `billed_nano_usd` = `billed_nano_usd` + new.`billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` + new.`effective_nano_usd` - old.`effective_nano_usd`,
    `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`)) - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`))
    WHERE `id` = new.`bill_id` AND `id` <> 0;
  UPDATE `bill_days` SET `billed_nano_usd` = `billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` - old.`effective_nano_usd`,
    `capacity_gpu_seconds` = nullif(coalesce(`capacity_gpu_seconds`, 0) - coalesce(old.`capacity_gpu_seconds`, 0), 0)
    WHERE `day` = old.`entry_date` AND `pool_id` = old.`pool_id` AND `bill_id` = old.`bill_id` AND old.`bill_id` <> 0;
  INSERT INTO `bill_days` (`day`, `pool_id`, `bill_id`, `billed_nano_usd`, `effective_nano_usd`, `capacity_gpu_seconds`)
    SELECT new.`entry_date`, new.`pool_id`, new.`bill_id`, new.`billed_nano_usd`, new.`effective_nano_usd`, new.`capacity_gpu_seconds`
    WHERE new.`bill_id` <> 0
    ON CONFLICT DO UPDATE SET `billed_nano_usd` = `billed_nano_usd` + excluded.`billed_nano_usd`,
      `effective_nano_usd` = `effective_nano_usd` + excluded.`effective_nano_usd`,
      `capacity_gpu_seconds` = nullif(coalesce(`capacity_gpu_seconds`, 0) + coalesce(excluded.`capacity_gpu_seconds`, 0), 0);
END;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_removed` AFTER DELETE ON `cost_entries`
WHEN (SELECT `status` FROM `bills` WHERE `id` = old.`bill_id`) = 'current' BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`));
  UPDATE `bills` SET `line_count` = `line_count` - old.`line_count`, `billed_nano_usd` = `billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` - old.`effective_nano_usd`, `abs_nano_usd` = `abs_nano_usd` - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`))
    WHERE `id` = old.`bill_id` AND `id` <> 0;
  UPDATE `bill_days` SET `billed_nano_usd` = `billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` - old.`effective_nano_usd`,
    `capacity_gpu_seconds` = nullif(coalesce(`capacity_gpu_seconds`, 0) - coalesce(old.`capacity_gpu_seconds`, 0), 0)
    WHERE `day` = old.`entry_date` AND `pool_id` = old.`pool_id` AND `bill_id` = old.`bill_id`;
END;
--> statement-breakpoint
CREATE TABLE `job_days_kept` AS SELECT `day`, `pool_id`, `job_id`, (`gpu_ms` + 999) / 1000 AS gpu_seconds FROM `job_day_shares`;
--> statement-breakpoint
DROP TABLE `job_day_shares`;
--> statement-breakpoint
CREATE TABLE `jobs_before` (
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
	CONSTRAINT "jobs_status_ck" CHECK("status" in ('pending', 'running', 'completed', 'failed', 'cancelled')),
	CONSTRAINT "jobs_gpu_count_ck" CHECK("gpu_count" >= 0),
	CONSTRAINT "jobs_order_ck" CHECK("ended_at_ms" >= "started_at_ms")
) STRICT;
--> statement-breakpoint
INSERT INTO `jobs_before` (`id`, `source`, `job_id`, `run`, `team_id`, `model_name`, `pool_id`, `gpu_count`, `started_at_ms`, `ended_at_ms`, `status`, `created_by`, `changed_by`)
  SELECT `id`, `source`, `job_id`, `run`, `team_id`, `model_name`, `pool_id`, (`gpu_milli` + 999) / 1000, `started_at_ms`, `ended_at_ms`, `status`, `created_by`, `changed_by` FROM `jobs`;
--> statement-breakpoint
UPDATE `sqlite_sequence` SET `seq` = (SELECT `seq` FROM `sqlite_sequence` WHERE `name` = 'jobs') WHERE `name` = 'jobs_before';
--> statement-breakpoint
DROP TABLE `jobs`;
--> statement-breakpoint
ALTER TABLE `jobs_before` RENAME TO `jobs`;
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_key` ON `jobs` (`job_id`,`source`,`run`);
--> statement-breakpoint
CREATE INDEX `jobs_team_idx` ON `jobs` (`team_id`);
--> statement-breakpoint
CREATE INDEX `jobs_running_idx` ON `jobs` (`started_at_ms`) WHERE status = 'running';
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
	CONSTRAINT "job_day_shares_seconds_ck" CHECK("gpu_seconds" > 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `job_day_shares` (`day`, `pool_id`, `job_id`, `gpu_seconds`) SELECT `day`, `pool_id`, `job_id`, `gpu_seconds` FROM `job_days_kept`;
--> statement-breakpoint
DROP TABLE `job_days_kept`;
--> statement-breakpoint
CREATE INDEX `job_day_shares_job_idx` ON `job_day_shares` (`job_id`);
--> statement-breakpoint
CREATE TABLE `pool_days_before` (
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
	CONSTRAINT "pool_days_held_ck" CHECK("held_gpu_seconds" >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `pool_days_before` (`day`, `pool_id`, `cost_nano_usd`, `capacity_gpu_seconds`, `held_gpu_seconds`, `unallocated_nano_usd`,
    `idle_nano_usd`, `unmeasured_nano_usd`, `is_stale`)
  SELECT `day`, `pool_id`, `cost_nano_usd`, `capacity_gpu_seconds`, (`held_gpu_ms` + 999) / 1000, coalesce(`cost_nano_usd`, 0),
    iif(`capacity_gpu_seconds` IS NULL, 0, coalesce(`cost_nano_usd`, 0)), iif(`capacity_gpu_seconds` IS NULL, coalesce(`cost_nano_usd`, 0), 0), 1
  FROM `pool_days`;
--> statement-breakpoint
DROP TABLE `pool_days`;
--> statement-breakpoint
ALTER TABLE `pool_days_before` RENAME TO `pool_days`;
--> statement-breakpoint
CREATE INDEX `pool_days_pool_idx` ON `pool_days` (`pool_id`);
--> statement-breakpoint
CREATE INDEX `pool_days_stale_idx` ON `pool_days` (`day`,`pool_id`) WHERE is_stale = 1;
--> statement-breakpoint
DROP TABLE `closed_months`;
--> statement-breakpoint
DROP TABLE `company_settings`;
--> statement-breakpoint
DROP TABLE `owner_rules`;
--> statement-breakpoint
DROP TABLE `owner_rule_sets`;
--> statement-breakpoint
DROP TABLE `owners`;
--> statement-breakpoint
DROP TABLE `models`;
--> statement-breakpoint
DROP TABLE `ledger_version`;
--> statement-breakpoint
DROP TABLE `ledger_rollups`;
--> statement-breakpoint
DROP TABLE `ledger_cells`;
--> statement-breakpoint
DROP TABLE `bill_hours`;
