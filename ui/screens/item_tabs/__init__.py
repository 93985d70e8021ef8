"""The tabs of an item's page. Each shows one `ItemInFocus` and asks for changes through the commands."""
