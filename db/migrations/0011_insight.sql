CREATE TABLE `alert_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`alert_id` integer NOT NULL,
	`event` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`by_label` text NOT NULL,
	`at_ms` integer NOT NULL,
	FOREIGN KEY (`alert_id`) REFERENCES `alerts`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `alert_events_alert_idx` ON `alert_events` (`alert_id`,`id`);--> statement-breakpoint
CREATE TABLE `alert_rule_channels` (
	`rule_id` integer NOT NULL,
	`channel_id` integer NOT NULL,
	PRIMARY KEY(`rule_id`, `channel_id`),
	FOREIGN KEY (`rule_id`) REFERENCES `alert_rules`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`channel_id`) REFERENCES `channels`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `alert_rule_channels_channel_idx` ON `alert_rule_channels` (`channel_id`);--> statement-breakpoint
CREATE TABLE `alert_rules` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`team_id` integer,
	`params` text NOT NULL,
	`severity` text NOT NULL,
	`for_minutes` integer NOT NULL,
	`repeat_minutes` integer NOT NULL,
	`is_enabled` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	`last_looked_at_ms` integer,
	`last_error` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "alert_rules_severity_ck" CHECK("alert_rules"."severity" in ('info', 'warning', 'critical'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `alert_rules_team_idx` ON `alert_rules` (`team_id`);--> statement-breakpoint
CREATE TABLE `alert_silences` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`rule_id` integer,
	`group_key` text,
	`team_id` integer,
	`reason` text NOT NULL,
	`by_label` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`ends_at_ms` integer NOT NULL,
	FOREIGN KEY (`rule_id`) REFERENCES `alert_rules`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `alert_silences_ends_idx` ON `alert_silences` (`ends_at_ms`);--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`rule_id` integer NOT NULL,
	`group_key` text NOT NULL,
	`team_id` integer,
	`status` text NOT NULL,
	`severity` text NOT NULL,
	`finding` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`fired_at_ms` integer,
	`told_at_ms` integer,
	`acknowledged_at_ms` integer,
	`acknowledged_by` text,
	`resolved_at_ms` integer,
	FOREIGN KEY (`rule_id`) REFERENCES `alert_rules`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "alerts_status_ck" CHECK("alerts"."status" in ('pending', 'firing', 'resolved'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_open_uq` ON `alerts` (`rule_id`,`group_key`) WHERE "alerts"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX `alerts_status_idx` ON `alerts` (`status`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `alerts_team_idx` ON `alerts` (`team_id`,`started_at_ms`);--> statement-breakpoint
CREATE TABLE `channels` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`team_id` integer,
	`config` text NOT NULL,
	`secrets` text DEFAULT '' NOT NULL,
	`is_enabled` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `channels_team_idx` ON `channels` (`team_id`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel_id` integer NOT NULL,
	`message_key` text NOT NULL,
	`message` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_attempt_at_ms` integer NOT NULL,
	`last_error` text DEFAULT '' NOT NULL,
	`created_at_ms` integer NOT NULL,
	`sent_at_ms` integer,
	FOREIGN KEY (`channel_id`) REFERENCES `channels`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "deliveries_status_ck" CHECK("deliveries"."status" in ('queued', 'sending', 'sent', 'dead'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_message_uq` ON `deliveries` (`channel_id`,`message_key`);--> statement-breakpoint
CREATE INDEX `deliveries_due_idx` ON `deliveries` (`status`,`next_attempt_at_ms`);--> statement-breakpoint
CREATE TABLE `digest_channels` (
	`digest_id` integer NOT NULL,
	`channel_id` integer NOT NULL,
	PRIMARY KEY(`digest_id`, `channel_id`),
	FOREIGN KEY (`digest_id`) REFERENCES `digests`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`channel_id`) REFERENCES `channels`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `digest_channels_channel_idx` ON `digest_channels` (`channel_id`);--> statement-breakpoint
CREATE TABLE `digests` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`period` text NOT NULL,
	`team_id` integer,
	`hour_utc` integer NOT NULL,
	`is_enabled` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`last_sent_for` text,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "digests_period_ck" CHECK("digests"."period" in ('day', 'week')),
	CONSTRAINT "digests_hour_ck" CHECK("digests"."hour_utc" between 0 and 23)
) STRICT;
--> statement-breakpoint
CREATE INDEX `digests_team_idx` ON `digests` (`team_id`);--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `anomaly_verdicts` (
	`key` text PRIMARY KEY NOT NULL,
	`series` text NOT NULL,
	`day` text NOT NULL,
	`verdict` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`by_label` text NOT NULL,
	`at_ms` integer NOT NULL,
	CONSTRAINT "anomaly_verdicts_verdict_ck" CHECK("anomaly_verdicts"."verdict" in ('yes', 'no', 'planned'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `anomaly_verdicts_series_idx` ON `anomaly_verdicts` (`series`,`day`);--> statement-breakpoint
CREATE TABLE `recommendation_states` (
	`key` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`team_id` integer,
	`status` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`as_decided` text NOT NULL,
	`saving_nano_usd` integer NOT NULL,
	`verified_nano_usd` integer,
	`by_label` text NOT NULL,
	`decided_at_ms` integer NOT NULL,
	`done_at_ms` integer,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "recommendation_states_status_ck" CHECK("recommendation_states"."status" in ('open', 'accepted', 'done', 'dismissed'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `recommendation_states_status_idx` ON `recommendation_states` (`status`);--> statement-breakpoint
CREATE INDEX `recommendation_states_team_idx` ON `recommendation_states` (`team_id`);