DROP TABLE `staged_costs`;
--> statement-breakpoint
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
CREATE UNIQUE INDEX `staged_costs_key` ON `staged_costs` (`import_id`,`entry_date`,`provider`,`gpu_type`,`billing_account`,`account`,`billing_period`,`region`,`sku`,`charge_category`,`pricing_category`);
--> statement-breakpoint
DROP TRIGGER `bills_counted`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_removed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_changed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_added`;
--> statement-breakpoint
CREATE TABLE `cost_entries_next` (
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
	`list_nano_usd` integer,
	`billed_currency_nano` integer,
	`usage_seconds` integer,
	`bill_id` integer DEFAULT 0 NOT NULL,
	`dimension_id` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`pool_id`) REFERENCES `pools`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "cost_entries_date_ck" CHECK("entry_date" glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	CONSTRAINT "cost_entries_capacity_ck" CHECK("capacity_gpu_seconds" >= 0)
) STRICT;
--> statement-breakpoint
INSERT OR IGNORE INTO `cost_entries_next` (`id`, `entry_date`, `pool_id`, `source`, `billing_account`, `account`, `billing_period`,
    `region`, `sku`, `charge_category`, `pricing_category`, `billed_nano_usd`, `effective_nano_usd`, `capacity_gpu_seconds`,
    `line_count`, `created_by`, `changed_by`, `seen_by`)
  SELECT min(`id`), `entry_date`, `pool_id`, `source`, `billing_account`, `account`, `billing_period`, `region`, `sku`,
    `charge_category`, `pricing_category`, sum(`billed_nano_usd`), sum(`effective_nano_usd`), sum(`capacity_gpu_seconds`),
    sum(`line_count`), max(`created_by`), max(`changed_by`), max(`changed_by`)
  FROM `ledger_costs` GROUP BY `entry_date`, `pool_id`, `source`, `billing_account`, `account`, `billing_period`, `region`, `sku`,
    `charge_category`, `pricing_category`;
--> statement-breakpoint
DROP VIEW `ledger_costs`;
--> statement-breakpoint
DROP TABLE `cost_entries`;
--> statement-breakpoint
ALTER TABLE `cost_entries_next` RENAME TO `cost_entries`;
--> statement-breakpoint
CREATE UNIQUE INDEX `cost_entries_key` ON `cost_entries` (`entry_date`,`pool_id`,`source`,`billing_account`,`account`,`billing_period`,`region`,`sku`,`charge_category`,`pricing_category`);
--> statement-breakpoint
CREATE INDEX `cost_entries_period_idx` ON `cost_entries` (`source`,`billing_account`,`billing_period`) WHERE billing_period <> '';
--> statement-breakpoint
DELETE FROM `bill_days`;
--> statement-breakpoint
DELETE FROM `bills` WHERE `id` <> 0;
--> statement-breakpoint
DELETE FROM `cost_dimensions`;
--> statement-breakpoint
UPDATE `ledger_size` SET `abs_nano_usd` = (SELECT coalesce(sum(max(abs(`billed_nano_usd`), abs(`effective_nano_usd`))), 0) FROM `cost_entries`);
--> statement-breakpoint
CREATE TRIGGER `cost_entries_added` AFTER INSERT ON `cost_entries` BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`));
END;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_changed` AFTER UPDATE OF `billed_nano_usd`, `effective_nano_usd` ON `cost_entries`
WHEN new.`billed_nano_usd` <> old.`billed_nano_usd` OR new.`effective_nano_usd` <> old.`effective_nano_usd` BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`))
    - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`));
END;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_removed` AFTER DELETE ON `cost_entries` BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`));
END;
