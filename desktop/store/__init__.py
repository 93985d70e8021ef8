"""The encrypted store: engine, tables, the one write verb, queries."""
