"""Understanding legacy spreadsheets: find the table, match columns, read values, plan the import."""
