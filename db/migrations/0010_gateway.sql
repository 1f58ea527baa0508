CREATE TABLE `backend_health` (
	`backend_id` integer PRIMARY KEY NOT NULL,
	`is_well` integer NOT NULL,
	`message` text DEFAULT '' NOT NULL,
	`latency_ms` integer,
	`checked_at_ms` integer NOT NULL,
	FOREIGN KEY (`backend_id`) REFERENCES `backends`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `backend_models` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`backend_id` integer NOT NULL,
	`model` text NOT NULL,
	`upstream_model` text NOT NULL,
	FOREIGN KEY (`backend_id`) REFERENCES `backends`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `backend_models_key` ON `backend_models` (`backend_id`,`model`);--> statement-breakpoint
CREATE INDEX `backend_models_model_idx` ON `backend_models` (`model`);--> statement-breakpoint
CREATE TABLE `backends` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`base_url` text DEFAULT '' NOT NULL,
	`sealed_secrets` text DEFAULT '' NOT NULL,
	`config_json` text DEFAULT '{}' NOT NULL,
	`priority` integer DEFAULT 0 NOT NULL,
	`weight` integer DEFAULT 1 NOT NULL,
	`timeout_ms` integer DEFAULT 60000 NOT NULL,
	`retries` integer DEFAULT 1 NOT NULL,
	`max_concurrency` integer,
	`is_enabled` integer DEFAULT 1 NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "backends_weight_ck" CHECK("backends"."weight" >= 0),
	CONSTRAINT "backends_timeout_ck" CHECK("backends"."timeout_ms" > 0),
	CONSTRAINT "backends_retries_ck" CHECK("backends"."retries" >= 0),
	CONSTRAINT "backends_concurrency_ck" CHECK("backends"."max_concurrency" > 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `backends_name_key` ON `backends` (lower(name));--> statement-breakpoint
CREATE TABLE `model_routes` (
	`model` text PRIMARY KEY NOT NULL,
	`strategy` text DEFAULT 'weight' NOT NULL,
	`is_session_affine` integer DEFAULT 0 NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `budget_alerts` (
	`budget_id` integer NOT NULL,
	`period_start` text NOT NULL,
	`percent` integer NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`budget_id`, `period_start`, `percent`),
	FOREIGN KEY (`budget_id`) REFERENCES `budgets`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `budgets` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`scope` text NOT NULL,
	`scope_id` text DEFAULT '' NOT NULL,
	`period` text NOT NULL,
	`limit_nano_usd` integer,
	`limit_tokens` integer,
	`mode` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "budgets_scope_ck" CHECK("budgets"."scope" in ('company', 'team', 'user', 'key', 'model')),
	CONSTRAINT "budgets_period_ck" CHECK("budgets"."period" in ('day', 'month')),
	CONSTRAINT "budgets_mode_ck" CHECK("budgets"."mode" in ('hard', 'soft')),
	CONSTRAINT "budgets_limit_ck" CHECK(("budgets"."limit_nano_usd" is null) <> ("budgets"."limit_tokens" is null)),
	CONSTRAINT "budgets_sign_ck" CHECK(coalesce("budgets"."limit_nano_usd", "budgets"."limit_tokens") >= 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `budgets_scope_idx` ON `budgets` (`scope`,`scope_id`);--> statement-breakpoint
CREATE TABLE `deployments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`model` text NOT NULL,
	`provider` text NOT NULL,
	`gpu_type` text NOT NULL,
	`gpu_count` integer NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`ends_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "deployments_gpu_ck" CHECK("deployments"."gpu_count" > 0),
	CONSTRAINT "deployments_ends_ck" CHECK("deployments"."ends_at_ms" > "deployments"."starts_at_ms")
) STRICT;
--> statement-breakpoint
CREATE INDEX `deployments_model_idx` ON `deployments` (`model`);--> statement-breakpoint
CREATE TABLE `gateway_version` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `stored_answers` (
	`hash` text PRIMARY KEY NOT NULL,
	`team_id` integer,
	`answer` text NOT NULL,
	`cost_nano_usd` integer,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `stored_answers_team_idx` ON `stored_answers` (`team_id`);--> statement-breakpoint
CREATE INDEX `stored_answers_expires_idx` ON `stored_answers` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `team_gateway` (
	`team_id` integer PRIMARY KEY NOT NULL,
	`keeps_bodies` integer DEFAULT 0 NOT NULL,
	`body_days` integer DEFAULT 30 NOT NULL,
	`redacts` integer DEFAULT 1 NOT NULL,
	`cache_ttl_seconds` integer,
	`says_cost` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "team_gateway_days_ck" CHECK("team_gateway"."body_days" between 1 and 3650),
	CONSTRAINT "team_gateway_ttl_ck" CHECK("team_gateway"."cache_ttl_seconds" > 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `gpu_prices` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`provider` text NOT NULL,
	`gpu_type` text NOT NULL,
	`effective_from` text NOT NULL,
	`per_gpu_hour_nano_usd` integer NOT NULL,
	`source` text DEFAULT 'by hand' NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "gpu_prices_ck" CHECK("gpu_prices"."per_gpu_hour_nano_usd" >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `gpu_prices_key` ON `gpu_prices` (`provider`,`gpu_type`,`effective_from`);--> statement-breakpoint
CREATE TABLE `model_prices` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`model` text NOT NULL,
	`effective_from` text NOT NULL,
	`input_usd_per_million` text NOT NULL,
	`output_usd_per_million` text NOT NULL,
	`cached_input_usd_per_million` text,
	`cache_write_usd_per_million` text,
	`cache_write_1h_usd_per_million` text,
	`reasoning_usd_per_million` text,
	`variants_json` text DEFAULT '[]' NOT NULL,
	`source` text DEFAULT 'by hand' NOT NULL,
	`created_at_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `model_prices_key` ON `model_prices` (`model`,`effective_from`);--> statement-breakpoint
CREATE TABLE `gateway_days` (
	`day` text NOT NULL,
	`team` integer NOT NULL,
	`key` integer NOT NULL,
	`user` integer NOT NULL,
	`model_asked` text NOT NULL,
	`model` text NOT NULL,
	`backend` text NOT NULL,
	`provider` text NOT NULL,
	`status` text NOT NULL,
	`cost_grade` text NOT NULL,
	`request_count` integer NOT NULL,
	`cache_hit_count` integer NOT NULL,
	`input_tokens` integer,
	`cached_input_tokens` integer,
	`cache_write_tokens` integer,
	`output_tokens` integer,
	`reasoning_tokens` integer,
	`cost_nano_usd` integer NOT NULL,
	`saved_nano_usd` integer NOT NULL,
	PRIMARY KEY(`day`, `team`, `key`, `user`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `gateway_days_key_idx` ON `gateway_days` (`key`,`day`);--> statement-breakpoint
CREATE INDEX `gateway_days_user_idx` ON `gateway_days` (`user`,`day`);--> statement-breakpoint
CREATE INDEX `gateway_days_team_idx` ON `gateway_days` (`team`,`day`);--> statement-breakpoint
CREATE INDEX `gateway_days_model_idx` ON `gateway_days` (`model_asked`,`day`);--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`day` text NOT NULL,
	`endpoint` text NOT NULL,
	`key_id` integer,
	`team_id` integer,
	`user_id` integer,
	`end_user` text DEFAULT '' NOT NULL,
	`model_asked` text NOT NULL,
	`model` text NOT NULL,
	`backend_id` integer,
	`backend` text DEFAULT '' NOT NULL,
	`provider` text DEFAULT '' NOT NULL,
	`is_stream` integer NOT NULL,
	`status` text NOT NULL,
	`http_status` integer,
	`error_code` text DEFAULT '' NOT NULL,
	`error_message` text DEFAULT '' NOT NULL,
	`input_tokens` integer,
	`cached_input_tokens` integer,
	`cache_write_tokens` integer,
	`cache_write_1h_tokens` integer,
	`output_tokens` integer,
	`reasoning_tokens` integer,
	`cost_nano_usd` integer,
	`cost_grade` text NOT NULL,
	`computed_cost_nano_usd` integer,
	`price_id` integer,
	`service_tier` text DEFAULT '' NOT NULL,
	`latency_ms` integer,
	`time_to_first_token_ms` integer,
	`retry_count` integer DEFAULT 0 NOT NULL,
	`cache` text DEFAULT 'off' NOT NULL,
	`saved_nano_usd` integer DEFAULT 0 NOT NULL,
	`parameters_json` text DEFAULT '{}' NOT NULL,
	`body_json` text,
	CONSTRAINT "requests_status_ck" CHECK("requests"."status" in ('completed', 'failed', 'cancelled')),
	CONSTRAINT "requests_grade_ck" CHECK("requests"."cost_grade" in ('reported', 'computed', 'estimated', 'unpriced')),
	CONSTRAINT "requests_cache_ck" CHECK("requests"."cache" in ('off', 'miss', 'hit')),
	CONSTRAINT "requests_unpriced_ck" CHECK(("requests"."cost_nano_usd" is null) = ("requests"."cost_grade" = 'unpriced'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `requests_started_idx` ON `requests` (`started_at_ms`);--> statement-breakpoint
CREATE INDEX `requests_team_idx` ON `requests` (`team_id`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `requests_key_idx` ON `requests` (`key_id`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `requests_model_idx` ON `requests` (`model`,`day`);--> statement-breakpoint
CREATE INDEX `requests_body_idx` ON `requests` (`started_at_ms`) WHERE body_json is not null;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `tpm` integer;
--> statement-breakpoint
CREATE TRIGGER `requests_added_in_days` AFTER INSERT ON `requests` BEGIN
  INSERT INTO `gateway_days` (`day`, `team`, `key`, `user`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`, `request_count`, `cache_hit_count`, `input_tokens`, `cached_input_tokens`, `cache_write_tokens`, `output_tokens`, `reasoning_tokens`, `cost_nano_usd`, `saved_nano_usd`)
    VALUES (new.`day`, coalesce(new.`team_id`, 0), coalesce(new.`key_id`, 0), coalesce(new.`user_id`, 0), new.`model_asked`, new.`model`, new.`backend`, new.`provider`, new.`status`, new.`cost_grade`, 1, (new.`cache` = 'hit'), new.`input_tokens`, new.`cached_input_tokens`, new.`cache_write_tokens`, new.`output_tokens`, new.`reasoning_tokens`, coalesce(new.`cost_nano_usd`, 0), new.`saved_nano_usd`)
    ON CONFLICT (`day`, `team`, `key`, `user`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`) DO UPDATE SET
      `request_count` = `request_count` + excluded.`request_count`,
      `cache_hit_count` = `cache_hit_count` + excluded.`cache_hit_count`,
      `input_tokens` = coalesce(`input_tokens` + excluded.`input_tokens`, `input_tokens`, excluded.`input_tokens`),
      `cached_input_tokens` = coalesce(`cached_input_tokens` + excluded.`cached_input_tokens`, `cached_input_tokens`, excluded.`cached_input_tokens`),
      `cache_write_tokens` = coalesce(`cache_write_tokens` + excluded.`cache_write_tokens`, `cache_write_tokens`, excluded.`cache_write_tokens`),
      `output_tokens` = coalesce(`output_tokens` + excluded.`output_tokens`, `output_tokens`, excluded.`output_tokens`),
      `reasoning_tokens` = coalesce(`reasoning_tokens` + excluded.`reasoning_tokens`, `reasoning_tokens`, excluded.`reasoning_tokens`),
      `cost_nano_usd` = `cost_nano_usd` + excluded.`cost_nano_usd`,
      `saved_nano_usd` = `saved_nano_usd` + excluded.`saved_nano_usd`;
END;
--> statement-breakpoint
CREATE TRIGGER `requests_changed_in_days` AFTER UPDATE OF `day`, `team_id`, `key_id`, `user_id`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`, `cache`, `input_tokens`, `cached_input_tokens`, `cache_write_tokens`, `output_tokens`, `reasoning_tokens`, `cost_nano_usd`, `saved_nano_usd` ON `requests` BEGIN
  INSERT INTO `gateway_days` (`day`, `team`, `key`, `user`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`, `request_count`, `cache_hit_count`, `input_tokens`, `cached_input_tokens`, `cache_write_tokens`, `output_tokens`, `reasoning_tokens`, `cost_nano_usd`, `saved_nano_usd`)
    VALUES (old.`day`, coalesce(old.`team_id`, 0), coalesce(old.`key_id`, 0), coalesce(old.`user_id`, 0), old.`model_asked`, old.`model`, old.`backend`, old.`provider`, old.`status`, old.`cost_grade`, -1, -(old.`cache` = 'hit'), -old.`input_tokens`, -old.`cached_input_tokens`, -old.`cache_write_tokens`, -old.`output_tokens`, -old.`reasoning_tokens`, -coalesce(old.`cost_nano_usd`, 0), -old.`saved_nano_usd`)
    ON CONFLICT (`day`, `team`, `key`, `user`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`) DO UPDATE SET
      `request_count` = `request_count` + excluded.`request_count`,
      `cache_hit_count` = `cache_hit_count` + excluded.`cache_hit_count`,
      `input_tokens` = coalesce(`input_tokens` + excluded.`input_tokens`, `input_tokens`, excluded.`input_tokens`),
      `cached_input_tokens` = coalesce(`cached_input_tokens` + excluded.`cached_input_tokens`, `cached_input_tokens`, excluded.`cached_input_tokens`),
      `cache_write_tokens` = coalesce(`cache_write_tokens` + excluded.`cache_write_tokens`, `cache_write_tokens`, excluded.`cache_write_tokens`),
      `output_tokens` = coalesce(`output_tokens` + excluded.`output_tokens`, `output_tokens`, excluded.`output_tokens`),
      `reasoning_tokens` = coalesce(`reasoning_tokens` + excluded.`reasoning_tokens`, `reasoning_tokens`, excluded.`reasoning_tokens`),
      `cost_nano_usd` = `cost_nano_usd` + excluded.`cost_nano_usd`,
      `saved_nano_usd` = `saved_nano_usd` + excluded.`saved_nano_usd`;
  INSERT INTO `gateway_days` (`day`, `team`, `key`, `user`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`, `request_count`, `cache_hit_count`, `input_tokens`, `cached_input_tokens`, `cache_write_tokens`, `output_tokens`, `reasoning_tokens`, `cost_nano_usd`, `saved_nano_usd`)
    VALUES (new.`day`, coalesce(new.`team_id`, 0), coalesce(new.`key_id`, 0), coalesce(new.`user_id`, 0), new.`model_asked`, new.`model`, new.`backend`, new.`provider`, new.`status`, new.`cost_grade`, 1, (new.`cache` = 'hit'), new.`input_tokens`, new.`cached_input_tokens`, new.`cache_write_tokens`, new.`output_tokens`, new.`reasoning_tokens`, coalesce(new.`cost_nano_usd`, 0), new.`saved_nano_usd`)
    ON CONFLICT (`day`, `team`, `key`, `user`, `model_asked`, `model`, `backend`, `provider`, `status`, `cost_grade`) DO UPDATE SET
      `request_count` = `request_count` + excluded.`request_count`,
      `cache_hit_count` = `cache_hit_count` + excluded.`cache_hit_count`,
      `input_tokens` = coalesce(`input_tokens` + excluded.`input_tokens`, `input_tokens`, excluded.`input_tokens`),
      `cached_input_tokens` = coalesce(`cached_input_tokens` + excluded.`cached_input_tokens`, `cached_input_tokens`, excluded.`cached_input_tokens`),
      `cache_write_tokens` = coalesce(`cache_write_tokens` + excluded.`cache_write_tokens`, `cache_write_tokens`, excluded.`cache_write_tokens`),
      `output_tokens` = coalesce(`output_tokens` + excluded.`output_tokens`, `output_tokens`, excluded.`output_tokens`),
      `reasoning_tokens` = coalesce(`reasoning_tokens` + excluded.`reasoning_tokens`, `reasoning_tokens`, excluded.`reasoning_tokens`),
      `cost_nano_usd` = `cost_nano_usd` + excluded.`cost_nano_usd`,
      `saved_nano_usd` = `saved_nano_usd` + excluded.`saved_nano_usd`;
END;
--> statement-breakpoint
INSERT INTO `gateway_version` (`id`, `version`) VALUES (1, 1);
--> statement-breakpoint
CREATE TRIGGER `backends_added_for_gateway` AFTER INSERT ON `backends` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `backends_changed_for_gateway` AFTER UPDATE ON `backends` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `backends_removed_for_gateway` AFTER DELETE ON `backends` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `backend_models_added_for_gateway` AFTER INSERT ON `backend_models` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `backend_models_changed_for_gateway` AFTER UPDATE ON `backend_models` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `backend_models_removed_for_gateway` AFTER DELETE ON `backend_models` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `model_routes_added_for_gateway` AFTER INSERT ON `model_routes` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `model_routes_changed_for_gateway` AFTER UPDATE ON `model_routes` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `model_routes_removed_for_gateway` AFTER DELETE ON `model_routes` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `model_prices_added_for_gateway` AFTER INSERT ON `model_prices` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `model_prices_changed_for_gateway` AFTER UPDATE ON `model_prices` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `model_prices_removed_for_gateway` AFTER DELETE ON `model_prices` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `budgets_added_for_gateway` AFTER INSERT ON `budgets` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `budgets_changed_for_gateway` AFTER UPDATE ON `budgets` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `budgets_removed_for_gateway` AFTER DELETE ON `budgets` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `team_gateway_added_for_gateway` AFTER INSERT ON `team_gateway` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `team_gateway_changed_for_gateway` AFTER UPDATE ON `team_gateway` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `team_gateway_removed_for_gateway` AFTER DELETE ON `team_gateway` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `api_keys_added_for_gateway` AFTER INSERT ON `api_keys` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `api_keys_changed_for_gateway` AFTER UPDATE OF `name`, `key_hash`, `previous_key_hash`, `previous_expires_at_ms`, `team_id`, `scopes`, `models`, `rpm`, `tpm`, `monthly_limit_nano_usd`, `expires_at_ms`, `revoked_at_ms` ON `api_keys` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `api_keys_removed_for_gateway` AFTER DELETE ON `api_keys` BEGIN
  UPDATE `gateway_version` SET `version` = `version` + 1;
END;
