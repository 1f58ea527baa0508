DROP TRIGGER `audit_log_kept`;
--> statement-breakpoint
DROP TRIGGER `audit_log_unchanged`;
--> statement-breakpoint
ALTER TABLE `users` ADD `team_id` integer REFERENCES `teams`(`id`) ON DELETE set null;
--> statement-breakpoint
UPDATE `users` SET `team_id` = (SELECT min(m.`team_id`) FROM `team_members` m WHERE m.`user_id` = `users`.`id`);
--> statement-breakpoint
CREATE INDEX `users_team_idx` ON `users` (`team_id`);
