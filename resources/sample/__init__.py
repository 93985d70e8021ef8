"""The sample tracker and the script that makes it."""
