DROP TRIGGER `cost_entries_removed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_changed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_added`;
--> statement-breakpoint
INSERT INTO `bills` (`import_id`, `source`, `billing_account`, `billing_period`, `status`, `line_count`, `billed_nano_usd`,
    `effective_nano_usd`, `abs_nano_usd`)
  SELECT max(`changed_by`), `source`, `billing_account`, `billing_period`, 'current', sum(`line_count`), sum(`billed_nano_usd`),
    sum(`effective_nano_usd`), sum(max(abs(`billed_nano_usd`), abs(`effective_nano_usd`)))
  FROM `cost_entries` WHERE `billing_period` <> '' GROUP BY `source`, `billing_account`, `billing_period`;
--> statement-breakpoint
INSERT INTO `cost_dimensions` (`key`, `source`, `billing_account`, `account`, `billing_period`, `region`, `service`, `sku`, `item`, `instance_type`, `charge_category`, `pricing_category`, `currency`, `tags`)
  SELECT DISTINCT json_array(`source`, `billing_account`, `account`, `billing_period`, `region`, '', `sku`, '', '', `charge_category`, `pricing_category`, 'USD', ''), `source`, `billing_account`, `account`, `billing_period`, `region`, '', `sku`, '', '',
    `charge_category`, `pricing_category`, 'USD', '' FROM `cost_entries`;
--> statement-breakpoint
CREATE TABLE `cost_entries_next` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`entry_date` text NOT NULL,
	`pool_id` integer NOT NULL,
	`bill_id` integer DEFAULT 0 NOT NULL,
	`dimension_id` integer NOT NULL,
	`billed_nano_usd` integer NOT NULL,
	`effective_nano_usd` integer NOT NULL,
	`list_nano_usd` integer,
	`billed_currency_nano` integer,
	`usage_seconds` integer,
	`capacity_gpu_seconds` integer,
	`line_count` integer DEFAULT 1 NOT NULL,
	`created_by` integer DEFAULT 0 NOT NULL,
	`changed_by` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "cost_entries_date_ck" CHECK("entry_date" glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	CONSTRAINT "cost_entries_capacity_ck" CHECK("capacity_gpu_seconds" >= 0)
) STRICT;
--> statement-breakpoint
INSERT INTO `cost_entries_next` (`id`, `entry_date`, `pool_id`, `bill_id`, `dimension_id`, `billed_nano_usd`,
    `effective_nano_usd`, `usage_seconds`, `capacity_gpu_seconds`, `line_count`, `created_by`, `changed_by`)
  SELECT c.`id`, c.`entry_date`, c.`pool_id`, coalesce(b.`id`, 0), d.`id`, c.`billed_nano_usd`, c.`effective_nano_usd`,
    c.`capacity_gpu_seconds`, c.`capacity_gpu_seconds`, c.`line_count`, c.`created_by`, c.`changed_by`
  FROM `cost_entries` c JOIN `cost_dimensions` d ON d.`key` = json_array(c.`source`, c.`billing_account`, c.`account`, c.`billing_period`, c.`region`, '', c.`sku`, '', '', c.`charge_category`, c.`pricing_category`, 'USD', '')
    LEFT JOIN `bills` b ON b.`id` <> 0 AND c.`billing_period` <> '' AND b.`source` = c.`source`
      AND b.`billing_account` = c.`billing_account` AND b.`billing_period` = c.`billing_period`;
--> statement-breakpoint
DELETE FROM `sqlite_sequence` WHERE `name` = 'cost_entries_next';
--> statement-breakpoint
INSERT INTO `sqlite_sequence` (`name`, `seq`) SELECT 'cost_entries_next', `seq` FROM `sqlite_sequence` WHERE `name` = 'cost_entries';
--> statement-breakpoint
DROP TABLE `cost_entries`;
--> statement-breakpoint
ALTER TABLE `cost_entries_next` RENAME TO `cost_entries`;
--> statement-breakpoint
CREATE UNIQUE INDEX `cost_entries_key` ON `cost_entries` (`entry_date`,`pool_id`,`bill_id`,`dimension_id`);
--> statement-breakpoint
INSERT INTO `bill_days` (`day`, `pool_id`, `bill_id`, `billed_nano_usd`, `effective_nano_usd`, `capacity_gpu_seconds`)
  SELECT `entry_date`, `pool_id`, `bill_id`, sum(`billed_nano_usd`), sum(`effective_nano_usd`), sum(`capacity_gpu_seconds`)
  FROM `cost_entries` WHERE `bill_id` <> 0 GROUP BY `entry_date`, `pool_id`, `bill_id`;
--> statement-breakpoint
CREATE VIEW `ledger_costs` AS
  SELECT c.`id`, c.`entry_date`, c.`pool_id`, p.`provider`, p.`gpu_type`, c.`bill_id`, c.`dimension_id`, d.`source`,
    d.`billing_account`, d.`account`, d.`billing_period`, d.`region`, d.`service`, d.`sku`, d.`item`, d.`instance_type`,
    d.`charge_category`, d.`pricing_category`, d.`currency`, d.`tags`, c.`billed_nano_usd`, c.`effective_nano_usd`,
    c.`list_nano_usd`, c.`billed_currency_nano`, c.`usage_seconds`, c.`capacity_gpu_seconds`, c.`line_count`,
    c.`created_by`, c.`changed_by`
  FROM `cost_entries` c JOIN `bills` b ON b.`id` = c.`bill_id` AND b.`status` = 'current'
    JOIN `cost_dimensions` d ON d.`id` = c.`dimension_id` JOIN `pools` p ON p.`id` = c.`pool_id`;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_added` AFTER INSERT ON `cost_entries` WHEN new.`bill_id` = 0 BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`));
END;
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
CREATE TRIGGER `bills_counted` AFTER UPDATE OF `status` ON `bills`
WHEN (new.`status` = 'current') <> (old.`status` = 'current') BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + iif(new.`status` = 'current', new.`abs_nano_usd`, -old.`abs_nano_usd`);
END;
--> statement-breakpoint
DROP TABLE `staged_costs`;
--> statement-breakpoint
CREATE TABLE `staged_costs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`import_id` integer NOT NULL,
	`line` integer NOT NULL,
	`entry_date` text NOT NULL,
	`provider` text NOT NULL,
	`gpu_type` text NOT NULL,
	`billed_nano_usd` integer NOT NULL,
	`capacity_gpu_seconds` integer,
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `staged_costs_key` ON `staged_costs` (`import_id`,`entry_date`,`provider`,`gpu_type`);
