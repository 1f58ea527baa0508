-- Undo 0008_ledger_months.sql: one statement per block, newest object first.
DROP TRIGGER `teams_removed_in_months`;
--> statement-breakpoint
DROP TRIGGER `teams_changed_in_months`;
--> statement-breakpoint
DROP TRIGGER `teams_added_in_months`;
--> statement-breakpoint
DROP TRIGGER `pool_days_removed_in_month`;
--> statement-breakpoint
DROP TRIGGER `pool_days_changed_in_month`;
--> statement-breakpoint
DROP TRIGGER `pool_days_added_in_month`;
--> statement-breakpoint
DROP TABLE `ledger_months`;
