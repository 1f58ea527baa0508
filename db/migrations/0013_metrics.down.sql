-- Undo 0013_metrics.sql: one statement per block, newest object first.
DROP TABLE `metric_cells`;
