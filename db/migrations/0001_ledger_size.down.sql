DROP TRIGGER `cost_entries_removed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_changed`;
--> statement-breakpoint
DROP TRIGGER `cost_entries_added`;
--> statement-breakpoint
DELETE FROM `ledger_size`;
