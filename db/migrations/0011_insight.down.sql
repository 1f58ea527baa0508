-- Undo 0011_insight.sql: one statement per block, newest object first.
DROP TABLE `leases`;
--> statement-breakpoint
DROP TABLE `recommendation_states`;
--> statement-breakpoint
DROP TABLE `anomaly_verdicts`;
--> statement-breakpoint
DROP TABLE `digest_channels`;
--> statement-breakpoint
DROP TABLE `digests`;
--> statement-breakpoint
DROP TABLE `deliveries`;
--> statement-breakpoint
DROP TABLE `alert_silences`;
--> statement-breakpoint
DROP TABLE `alert_events`;
--> statement-breakpoint
DROP TABLE `alerts`;
--> statement-breakpoint
DROP TABLE `alert_rule_channels`;
--> statement-breakpoint
DROP TABLE `channels`;
--> statement-breakpoint
DROP TABLE `alert_rules`;
