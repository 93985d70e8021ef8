"""Process versions as data: the schema, its decoding and its checks."""
