"""What a person asks the program to do: one family of commands a file, the registry of all of them."""
