"""Items and the records around them, as frozen values."""
