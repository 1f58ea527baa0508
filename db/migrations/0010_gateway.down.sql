-- Undo 0010_gateway.sql: one statement per block, newest object first.
DROP TRIGGER `api_keys_removed_for_gateway`;
--> statement-breakpoint
DROP TRIGGER `api_keys_changed_for_gateway`;
--> statement-breakpoint
DROP TRIGGER `api_keys_added_for_gateway`;
--> statement-breakpoint
DROP TABLE `team_gateway`;
--> statement-breakpoint
DROP TABLE `stored_answers`;
--> statement-breakpoint
DROP TABLE `requests`;
--> statement-breakpoint
DROP TABLE `gateway_days`;
--> statement-breakpoint
DROP TABLE `model_prices`;
--> statement-breakpoint
DROP TABLE `gpu_prices`;
--> statement-breakpoint
DROP TABLE `gateway_version`;
--> statement-breakpoint
DROP TABLE `deployments`;
--> statement-breakpoint
DROP TABLE `budget_alerts`;
--> statement-breakpoint
DROP TABLE `budgets`;
--> statement-breakpoint
DROP TABLE `model_routes`;
--> statement-breakpoint
DROP TABLE `backend_models`;
--> statement-breakpoint
DROP TABLE `backend_health`;
--> statement-breakpoint
DROP TABLE `backends`;
--> statement-breakpoint
ALTER TABLE `api_keys` DROP COLUMN `tpm`;
