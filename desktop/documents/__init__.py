"""Documents: files that come in and go out, from trackers to packs."""
