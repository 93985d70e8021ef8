"""The desk: windows, screens and dialogs. Knows Qt and the domain; no SQL, workbook, PDF or cipher."""
