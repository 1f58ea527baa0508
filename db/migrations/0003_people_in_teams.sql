INSERT INTO `team_members` (`user_id`, `team_id`) SELECT `id`, `team_id` FROM `users` WHERE `team_id` IS NOT NULL;
--> statement-breakpoint
CREATE TABLE `users_next` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`email` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`is_disabled` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL,
	`signed_in_at_ms` integer,
	CONSTRAINT "users_role_ck" CHECK("role" in ('admin', 'finance', 'developer', 'viewer'))
) STRICT;
--> statement-breakpoint
INSERT INTO `users_next` (`id`, `email`, `name`, `role`, `password_hash`, `is_disabled`, `created_at_ms`, `signed_in_at_ms`)
  SELECT `id`, `email`, `name`, `role`, `password_hash`, `is_disabled`, `created_at_ms`, `signed_in_at_ms` FROM `users`;
--> statement-breakpoint
CREATE TABLE `kept_sessions` AS SELECT * FROM `sessions`;
--> statement-breakpoint
CREATE TABLE `kept_members` AS SELECT * FROM `team_members`;
--> statement-breakpoint
CREATE TABLE `kept_imports` AS SELECT `id`, `user_id` FROM `imports` WHERE `user_id` IS NOT NULL;
--> statement-breakpoint
DROP TABLE `users`;
--> statement-breakpoint
ALTER TABLE `users_next` RENAME TO `users`;
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email`);
--> statement-breakpoint
INSERT OR IGNORE INTO `sessions` SELECT * FROM `kept_sessions`;
--> statement-breakpoint
INSERT OR IGNORE INTO `team_members` SELECT * FROM `kept_members`;
--> statement-breakpoint
UPDATE `imports` SET `user_id` = (SELECT k.`user_id` FROM `kept_imports` k WHERE k.`id` = `imports`.`id`);
--> statement-breakpoint
DROP TABLE `kept_sessions`;
--> statement-breakpoint
DROP TABLE `kept_members`;
--> statement-breakpoint
DROP TABLE `kept_imports`;
--> statement-breakpoint
CREATE TRIGGER `audit_log_unchanged` BEFORE UPDATE ON `audit_log` BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_log_kept` BEFORE DELETE ON `audit_log` BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
