CREATE TABLE `ledger_months` (
	`month` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TRIGGER `pool_days_added_in_month` AFTER INSERT ON `pool_days` BEGIN
  INSERT INTO `ledger_months` (`month`, `version`) VALUES (substr(new.`day`, 1, 7), 1)
    ON CONFLICT (`month`) DO UPDATE SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `pool_days_changed_in_month` AFTER UPDATE ON `pool_days` BEGIN
  INSERT INTO `ledger_months` (`month`, `version`) VALUES (substr(new.`day`, 1, 7), 1)
    ON CONFLICT (`month`) DO UPDATE SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `pool_days_removed_in_month` AFTER DELETE ON `pool_days` BEGIN
  INSERT INTO `ledger_months` (`month`, `version`) VALUES (substr(old.`day`, 1, 7), 1)
    ON CONFLICT (`month`) DO UPDATE SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `teams_added_in_months` AFTER INSERT ON `teams` BEGIN
  UPDATE `ledger_months` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `teams_changed_in_months` AFTER UPDATE ON `teams` BEGIN
  UPDATE `ledger_months` SET `version` = `version` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `teams_removed_in_months` AFTER DELETE ON `teams` BEGIN
  UPDATE `ledger_months` SET `version` = `version` + 1;
END;
--> statement-breakpoint
INSERT INTO `ledger_months` (`month`, `version`) SELECT DISTINCT substr(`day`, 1, 7), 1 FROM `pool_days`;
