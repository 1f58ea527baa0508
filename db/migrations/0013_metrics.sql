CREATE TABLE `metric_cells` (
	`name` text NOT NULL,
	`labels` text NOT NULL,
	`bucket` text NOT NULL,
	`count` integer NOT NULL,
	`sum` integer NOT NULL,
	PRIMARY KEY(`name`, `labels`, `bucket`)
) STRICT, WITHOUT ROWID;
