-- Undo 0012_refusals.sql: one statement per block, newest object first.
DROP INDEX `refused_calls_budget_idx`;
--> statement-breakpoint
DROP TABLE `refused_calls`;
