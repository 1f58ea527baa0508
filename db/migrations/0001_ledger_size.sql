INSERT INTO `ledger_size` (`id`, `abs_nano_usd`) VALUES (1, 0);
--> statement-breakpoint
CREATE TRIGGER `cost_entries_added` AFTER INSERT ON `cost_entries` BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`));
END;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_changed` AFTER UPDATE OF `billed_nano_usd`, `effective_nano_usd` ON `cost_entries`
WHEN new.`billed_nano_usd` <> old.`billed_nano_usd` OR new.`effective_nano_usd` <> old.`effective_nano_usd` BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` + max(abs(new.`billed_nano_usd`), abs(new.`effective_nano_usd`))
    - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`));
END;
--> statement-breakpoint
CREATE TRIGGER `cost_entries_removed` AFTER DELETE ON `cost_entries` BEGIN
  UPDATE `ledger_size` SET `abs_nano_usd` = `abs_nano_usd` - max(abs(old.`billed_nano_usd`), abs(old.`effective_nano_usd`));
END;
