"""Words for people that no record holds: what the faces say for the ids and parameters of the domain."""
