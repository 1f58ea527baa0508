CREATE TABLE `bill_hours` (
	`day` text NOT NULL,
	`hour` integer NOT NULL,
	`pool_id` integer NOT NULL,
	`bill_id` integer NOT NULL,
	`billed_nano_usd` integer NOT NULL,
	`effective_nano_usd` integer NOT NULL,
	`list_nano_usd` integer NOT NULL,
	`unlisted_nano_usd` integer NOT NULL,
	`capacity_gpu_seconds` integer,
	PRIMARY KEY(`day`, `hour`, `pool_id`, `bill_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `ledger_cells` (
	`day` text NOT NULL,
	`pool_id` integer NOT NULL,
	`owner_id` integer NOT NULL,
	`gpu_ms` integer DEFAULT 0 NOT NULL,
	`unmeasured_gpu_ms` integer DEFAULT 0 NOT NULL,
	`uncosted_gpu_ms` integer DEFAULT 0 NOT NULL,
	`job_count` integer DEFAULT 0 NOT NULL,
	`first_job_count` integer DEFAULT 0 NOT NULL,
	`allocation_nano_usd` integer DEFAULT 0 NOT NULL,
	`usage_nano_usd` integer DEFAULT 0 NOT NULL,
	`allocation_billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`usage_billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`allocation_list_nano_usd` integer DEFAULT 0 NOT NULL,
	`usage_list_nano_usd` integer DEFAULT 0 NOT NULL,
	`useful_nano_usd` integer DEFAULT 0 NOT NULL,
	`idle_held_nano_usd` integer DEFAULT 0 NOT NULL,
	`lost_nano_usd` integer DEFAULT 0 NOT NULL,
	`not_measured_nano_usd` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`day`, `pool_id`, `owner_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `ledger_rollups` (
	`cube` text NOT NULL,
	`period` text NOT NULL,
	`pool_id` integer NOT NULL,
	`team_id` integer NOT NULL,
	`model_id` integer NOT NULL,
	`status` integer NOT NULL,
	`cell_count` integer DEFAULT 0 NOT NULL,
	`gpu_ms` integer DEFAULT 0 NOT NULL,
	`unmeasured_gpu_ms` integer DEFAULT 0 NOT NULL,
	`uncosted_gpu_ms` integer DEFAULT 0 NOT NULL,
	`job_count` integer DEFAULT 0 NOT NULL,
	`first_job_count` integer DEFAULT 0 NOT NULL,
	`allocation_nano_usd` integer DEFAULT 0 NOT NULL,
	`usage_nano_usd` integer DEFAULT 0 NOT NULL,
	`allocation_billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`usage_billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`allocation_list_nano_usd` integer DEFAULT 0 NOT NULL,
	`usage_list_nano_usd` integer DEFAULT 0 NOT NULL,
	`useful_nano_usd` integer DEFAULT 0 NOT NULL,
	`idle_held_nano_usd` integer DEFAULT 0 NOT NULL,
	`lost_nano_usd` integer DEFAULT 0 NOT NULL,
	`not_measured_nano_usd` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`cube`, `period`, `pool_id`, `team_id`, `model_id`, `status`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `ledger_version` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	CONSTRAINT "ledger_version_one_ck" CHECK("ledger_version"."id" = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `models` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `owners` (
	`id` integer PRIMARY KEY NOT NULL,
	`team_id` integer NOT NULL,
	`model_id` integer NOT NULL,
	`status` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `owner_rule_sets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`applied_at_ms` integer NOT NULL,
	`applied_by` text NOT NULL,
	`applied_by_user_id` integer,
	`rules` text NOT NULL,
	`moved` text DEFAULT '' NOT NULL,
	`is_done` integer DEFAULT 0 NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `owner_rules` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`priority` integer NOT NULL,
	`field` text NOT NULL,
	`tag_key` text DEFAULT '' NOT NULL,
	`pattern` text NOT NULL,
	`owner` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	CONSTRAINT "owner_rules_field_ck" CHECK("owner_rules"."field" in ('account', 'tag', 'service', 'user', 'job_name', 'region'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `company_settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`changed_at_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `closed_months` (
	`month` text PRIMARY KEY NOT NULL,
	`closed_at_ms` integer NOT NULL,
	`closed_by` text NOT NULL,
	`document` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `bill_hours_bill_idx` ON `bill_hours` (`bill_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `models_key` ON `models` (`name`);
--> statement-breakpoint
CREATE UNIQUE INDEX `owners_key` ON `owners` (`team_id`,`model_id`,`status`);
--> statement-breakpoint
CREATE INDEX `owner_rules_priority_idx` ON `owner_rules` (`priority`,`id`);
--> statement-breakpoint
INSERT INTO `ledger_version` (`id`, `version`) VALUES (1, 1);
--> statement-breakpoint
INSERT INTO `models` (`name`) SELECT DISTINCT `model_name` FROM `jobs` ORDER BY 1;
--> statement-breakpoint
INSERT INTO `owners` (`team_id`, `model_id`, `status`)
  SELECT DISTINCT j.`team_id`, m.`id`, CASE j.`status` WHEN 'pending' THEN 1 WHEN 'running' THEN 2 WHEN 'completed' THEN 3 WHEN 'failed' THEN 4 ELSE 5 END
  FROM `jobs` j JOIN `models` m ON m.`name` = j.`model_name` ORDER BY 1, 2, 3;
--> statement-breakpoint
CREATE TABLE `job_days_kept` AS SELECT s.`day`, s.`pool_id`, o.`id` AS owner_id, s.`job_id`, s.`gpu_seconds` * 1000 AS gpu_ms,
    s.`day` = date(j.`started_at_ms` / 1000, 'unixepoch') AS is_first
  FROM `job_day_shares` s JOIN `jobs` j ON j.`id` = s.`job_id` JOIN `models` m ON m.`name` = j.`model_name`
    JOIN `owners` o ON o.`team_id` = j.`team_id` AND o.`model_id` = m.`id` AND o.`status` = CASE j.`status` WHEN 'pending' THEN 1 WHEN 'running' THEN 2 WHEN 'completed' THEN 3 WHEN 'failed' THEN 4 ELSE 5 END;
--> statement-breakpoint
DROP TABLE `job_day_shares`;
--> statement-breakpoint
CREATE TABLE `jobs_next` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source` text DEFAULT '' NOT NULL,
	`job_id` text NOT NULL,
	`run` text DEFAULT '' NOT NULL,
	`team_id` integer NOT NULL,
	`model_name` text DEFAULT '' NOT NULL,
	`pool_id` integer NOT NULL,
	`gpu_milli` integer DEFAULT 1000 NOT NULL,
	`user_name` text DEFAULT '' NOT NULL,
	`job_name` text DEFAULT '' NOT NULL,
	`source_team_id` integer,
	`started_at_ms` integer,
	`ended_at_ms` integer,
	`status` text NOT NULL,
	`created_by` integer DEFAULT 0 NOT NULL,
	`changed_by` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "jobs_status_ck" CHECK("status" in ('pending', 'running', 'completed', 'failed', 'cancelled')),
	CONSTRAINT "jobs_gpu_milli_ck" CHECK("gpu_milli" >= 0),
	CONSTRAINT "jobs_order_ck" CHECK("ended_at_ms" >= "started_at_ms")
) STRICT;
--> statement-breakpoint
INSERT INTO `jobs_next` (`id`, `source`, `job_id`, `run`, `team_id`, `model_name`, `pool_id`, `gpu_milli`, `started_at_ms`, `ended_at_ms`, `status`, `created_by`, `changed_by`)
  SELECT `id`, `source`, `job_id`, `run`, `team_id`, `model_name`, `pool_id`, `gpu_count` * 1000, `started_at_ms`, `ended_at_ms`, `status`, `created_by`, `changed_by` FROM `jobs`;
--> statement-breakpoint
UPDATE `sqlite_sequence` SET `seq` = (SELECT `seq` FROM `sqlite_sequence` WHERE `name` = 'jobs') WHERE `name` = 'jobs_next';
--> statement-breakpoint
DROP TABLE `jobs`;
--> statement-breakpoint
ALTER TABLE `jobs_next` RENAME TO `jobs`;
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
	`owner_id` integer NOT NULL,
	`job_id` integer NOT NULL,
	`gpu_ms` integer NOT NULL,
	`is_first` integer NOT NULL,
	`allocation_nano_usd` integer,
	`usage_nano_usd` integer,
	PRIMARY KEY(`day`, `pool_id`, `owner_id`, `job_id`),
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "job_day_shares_gpu_ck" CHECK("job_day_shares"."gpu_ms" > 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `job_day_shares` (`day`, `pool_id`, `owner_id`, `job_id`, `gpu_ms`, `is_first`)
  SELECT `day`, `pool_id`, `owner_id`, `job_id`, `gpu_ms`, `is_first` FROM `job_days_kept` ORDER BY 1, 2, 3, 4;
--> statement-breakpoint
DROP TABLE `job_days_kept`;
--> statement-breakpoint
CREATE INDEX `job_day_shares_job_idx` ON `job_day_shares` (`job_id`);
--> statement-breakpoint
CREATE TABLE `pool_days_next` (
	`day` text NOT NULL,
	`pool_id` integer NOT NULL,
	`cost_nano_usd` integer,
	`billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`list_nano_usd` integer DEFAULT 0 NOT NULL,
	`unlisted_nano_usd` integer DEFAULT 0 NOT NULL,
	`capacity_gpu_seconds` integer,
	`held_gpu_ms` integer DEFAULT 0 NOT NULL,
	`unallocated_nano_usd` integer DEFAULT 0 NOT NULL,
	`unallocated_billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`unallocated_list_nano_usd` integer DEFAULT 0 NOT NULL,
	`idle_nano_usd` integer DEFAULT 0 NOT NULL,
	`idle_billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`idle_list_nano_usd` integer DEFAULT 0 NOT NULL,
	`unmeasured_nano_usd` integer DEFAULT 0 NOT NULL,
	`unmeasured_billed_nano_usd` integer DEFAULT 0 NOT NULL,
	`unmeasured_list_nano_usd` integer DEFAULT 0 NOT NULL,
	`is_split` integer DEFAULT 0 NOT NULL,
	`is_stale` integer DEFAULT 0 NOT NULL,
	`shared_at_ms` integer,
	PRIMARY KEY(`day`, `pool_id`),
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "pool_days_held_ck" CHECK("held_gpu_ms" >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
-- Every pool-day waits to be shared; until then its whole cost is nobody's.
INSERT INTO `pool_days_next` (`day`, `pool_id`, `cost_nano_usd`, `capacity_gpu_seconds`, `held_gpu_ms`, `unallocated_nano_usd`,
    `idle_nano_usd`, `unmeasured_nano_usd`, `is_stale`)
  SELECT `day`, `pool_id`, `cost_nano_usd`, `capacity_gpu_seconds`, `held_gpu_seconds` * 1000, coalesce(`cost_nano_usd`, 0),
    iif(`capacity_gpu_seconds` IS NULL, 0, coalesce(`cost_nano_usd`, 0)), iif(`capacity_gpu_seconds` IS NULL, coalesce(`cost_nano_usd`, 0), 0), 1
  FROM `pool_days`;
--> statement-breakpoint
DROP TABLE `pool_days`;
--> statement-breakpoint
ALTER TABLE `pool_days_next` RENAME TO `pool_days`;
--> statement-breakpoint
CREATE INDEX `pool_days_pool_idx` ON `pool_days` (`pool_id`);
--> statement-breakpoint
CREATE INDEX `pool_days_stale_idx` ON `pool_days` (`day`,`pool_id`) WHERE is_stale = 1;
--> statement-breakpoint
CREATE INDEX `pool_days_split_idx` ON `pool_days` (`day`,`pool_id`) WHERE is_split = 1;
--> statement-breakpoint
ALTER TABLE `bill_days` ADD `list_nano_usd` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `bill_days` ADD `unlisted_nano_usd` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `bill_days` ADD `whole_day_lines` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
UPDATE `bill_days` SET `list_nano_usd` = e.`listed`, `unlisted_nano_usd` = e.`unlisted`, `whole_day_lines` = e.`lines` FROM (
  SELECT `entry_date`, `pool_id`, `bill_id`, coalesce(sum(`list_nano_usd`), 0) AS listed,
    sum(iif(`list_nano_usd` IS NULL, `effective_nano_usd`, 0)) AS unlisted, sum(`line_count`) AS lines
  FROM `cost_entries` WHERE `bill_id` <> 0 GROUP BY 1, 2, 3) AS e
  WHERE `day` = e.`entry_date` AND `bill_days`.`pool_id` = e.`pool_id` AND `bill_days`.`bill_id` = e.`bill_id`;
--> statement-breakpoint
ALTER TABLE `cost_dimensions` ADD `owner` text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE `cost_dimensions` ADD `owner_set` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
CREATE INDEX `cost_dimensions_owner_idx` ON `cost_dimensions` (`id`) WHERE owner <> '';
--> statement-breakpoint
ALTER TABLE `imports` RENAME COLUMN `gpu_seconds` TO `gpu_ms`;
--> statement-breakpoint
UPDATE `imports` SET `gpu_ms` = `gpu_ms` * 1000;
--> statement-breakpoint
ALTER TABLE `staged_jobs` RENAME COLUMN `gpu_count` TO `gpu_milli`;
--> statement-breakpoint
UPDATE `staged_jobs` SET `gpu_milli` = `gpu_milli` * 1000;
--> statement-breakpoint
ALTER TABLE `staged_jobs` ADD `user_name` text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE `staged_jobs` ADD `job_name` text DEFAULT '' NOT NULL;
--> statement-breakpoint
-- List cost is added up as well now, so it counts for what the ledger can hold.
UPDATE `bills` SET `abs_nano_usd` = e.`size` FROM (
  SELECT `bill_id`, sum(max(abs(`billed_nano_usd`), abs(`effective_nano_usd`), abs(coalesce(`list_nano_usd`, 0)))) AS size FROM `cost_entries` WHERE `bill_id` <> 0 GROUP BY 1) AS e WHERE `bills`.`id` = e.`bill_id`;
--> statement-breakpoint
UPDATE `ledger_size` SET `abs_nano_usd` = min(9000000000000000000,
  (SELECT coalesce(sum(`abs_nano_usd`), 0) FROM `bills` WHERE `status` = 'current' AND `id` <> 0)
  + (SELECT coalesce(sum(max(abs(`billed_nano_usd`), abs(`effective_nano_usd`), abs(coalesce(`list_nano_usd`, 0)))), 0) FROM `cost_entries` WHERE `bill_id` = 0));
--> statement-breakpoint
DROP TRIGGER `cost_entries_removed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_changed`;
--> statement-breakpoint
-- A line that was changed by hand does not say its hour any more.
CREATE TRIGGER `cost_entries_changed` AFTER UPDATE ON `cost_entries`
WHEN (SELECT `status` FROM `bills` WHERE `id` = new.`bill_id`) = 'current' BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`), abs(coalesce(new.`list_nano_usd`, 0))) - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`), abs(coalesce(old.`list_nano_usd`, 0)));
  UPDATE `bills` SET `billed_nano_usd` = `billed_nano_usd` + new.`billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` + new.`effective_nano_usd` - old.`effective_nano_usd`,
    `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`), abs(coalesce(new.`list_nano_usd`, 0))) - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`), abs(coalesce(old.`list_nano_usd`, 0)))
    WHERE `id` = new.`bill_id` AND `id` <> 0;
  UPDATE `bill_days` SET `billed_nano_usd` = `billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` - old.`effective_nano_usd`,
    `list_nano_usd` = `list_nano_usd` - coalesce(old.`list_nano_usd`, 0),
    `unlisted_nano_usd` = `unlisted_nano_usd` - iif(old.`list_nano_usd` IS NULL, old.`effective_nano_usd`, 0),
    `whole_day_lines` = `whole_day_lines` + old.`line_count`,
    `capacity_gpu_seconds` = nullif(coalesce(`capacity_gpu_seconds`, 0) - coalesce(old.`capacity_gpu_seconds`, 0), 0)
    WHERE `day` = old.`entry_date` AND `pool_id` = old.`pool_id` AND `bill_id` = old.`bill_id` AND old.`bill_id` <> 0;
  INSERT INTO `bill_days` (`day`, `pool_id`, `bill_id`, `billed_nano_usd`, `effective_nano_usd`, `list_nano_usd`,
      `unlisted_nano_usd`, `whole_day_lines`, `capacity_gpu_seconds`)
    SELECT new.`entry_date`, new.`pool_id`, new.`bill_id`, new.`billed_nano_usd`, new.`effective_nano_usd`,
      coalesce(new.`list_nano_usd`, 0), iif(new.`list_nano_usd` IS NULL, new.`effective_nano_usd`, 0), new.`line_count`,
      new.`capacity_gpu_seconds`
    WHERE new.`bill_id` <> 0
    ON CONFLICT DO UPDATE SET `billed_nano_usd` = `billed_nano_usd` + excluded.`billed_nano_usd`,
      `effective_nano_usd` = `effective_nano_usd` + excluded.`effective_nano_usd`,
      `list_nano_usd` = `list_nano_usd` + excluded.`list_nano_usd`,
      `unlisted_nano_usd` = `unlisted_nano_usd` + excluded.`unlisted_nano_usd`,
      `whole_day_lines` = `whole_day_lines` + excluded.`whole_day_lines`,
      `capacity_gpu_seconds` = nullif(coalesce(`capacity_gpu_seconds`, 0) + coalesce(excluded.`capacity_gpu_seconds`, 0), 0);
END;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_removed` AFTER DELETE ON `cost_entries`
WHEN (SELECT `status` FROM `bills` WHERE `id` = old.`bill_id`) = 'current' BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`), abs(coalesce(old.`list_nano_usd`, 0)));
  UPDATE `bills` SET `line_count` = `line_count` - old.`line_count`, `billed_nano_usd` = `billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` - old.`effective_nano_usd`, `abs_nano_usd` = `abs_nano_usd` - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`), abs(coalesce(old.`list_nano_usd`, 0)))
    WHERE `id` = old.`bill_id` AND `id` <> 0;
  UPDATE `bill_days` SET `billed_nano_usd` = `billed_nano_usd` - old.`billed_nano_usd`,
    `effective_nano_usd` = `effective_nano_usd` - old.`effective_nano_usd`,
    `list_nano_usd` = `list_nano_usd` - coalesce(old.`list_nano_usd`, 0),
    `unlisted_nano_usd` = `unlisted_nano_usd` - iif(old.`list_nano_usd` IS NULL, old.`effective_nano_usd`, 0),
    `whole_day_lines` = `whole_day_lines` + old.`line_count`,
    `capacity_gpu_seconds` = nullif(coalesce(`capacity_gpu_seconds`, 0) - coalesce(old.`capacity_gpu_seconds`, 0), 0)
    WHERE `day` = old.`entry_date` AND `pool_id` = old.`pool_id` AND `bill_id` = old.`bill_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `pool_days_added` AFTER INSERT ON `pool_days` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `pool_days_changed` AFTER UPDATE ON `pool_days` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `pool_days_removed` AFTER DELETE ON `pool_days` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `teams_added` AFTER INSERT ON `teams` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `teams_changed` AFTER UPDATE ON `teams` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `teams_removed` AFTER DELETE ON `teams` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `company_settings_added` AFTER INSERT ON `company_settings` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `company_settings_changed` AFTER UPDATE ON `company_settings` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `closed_months_added` AFTER INSERT ON `closed_months` BEGIN
  UPDATE `ledger_version` SET `version` = `version` + 1;
END;
