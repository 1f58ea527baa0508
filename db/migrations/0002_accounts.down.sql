ALTER TABLE `users` DROP COLUMN `signed_in_at_ms`;
--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `used_at_ms`;
--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `address`;
--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `user_agent`;
--> statement-breakpoint
ALTER TABLE `sessions` DROP COLUMN `is_outdated`;
--> statement-breakpoint
ALTER TABLE `imports` DROP COLUMN `key_id`;
--> statement-breakpoint
DROP TABLE `team_members`;
--> statement-breakpoint
DROP TABLE `sign_in_failures`;
--> statement-breakpoint
DROP TABLE `password_links`;
--> statement-breakpoint
DROP TABLE `identities`;
--> statement-breakpoint
DROP TABLE `request_counts`;
--> statement-breakpoint
DROP TABLE `api_keys`;
--> statement-breakpoint
DROP TABLE `clock_runs`;
--> statement-breakpoint
DROP TABLE `audit_log`;
