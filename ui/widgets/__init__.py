"""Small building blocks that several screens share. They show values; they call no use case."""
