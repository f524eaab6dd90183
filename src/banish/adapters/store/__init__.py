"""What survives a restart, in one SQLite file or, with the same code, in memory."""
