"""Reading workbooks as hostile files."""
