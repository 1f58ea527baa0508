CREATE TABLE `refused_calls` (
	`hour_ms` integer NOT NULL,
	`team` integer NOT NULL,
	`key` integer NOT NULL,
	`user` integer NOT NULL,
	`model` text NOT NULL,
	`code` text NOT NULL,
	`budget` integer NOT NULL,
	`count` integer NOT NULL,
	`first_at_ms` integer NOT NULL,
	`last_at_ms` integer NOT NULL,
	`last_request_id` text NOT NULL,
	`last_message` text NOT NULL,
	PRIMARY KEY(`hour_ms`, `team`, `key`, `user`, `model`, `code`, `budget`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `refused_calls_budget_idx` ON `refused_calls` (`budget`,`hour_ms`);