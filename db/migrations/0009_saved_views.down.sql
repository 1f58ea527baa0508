-- Undo 0009_saved_views.sql: one statement per block, newest object first.
DROP TABLE `saved_views`;
