-- Undo 0012_metrics.sql: one statement per block, newest object first.
DROP TABLE `metric_cells`;
