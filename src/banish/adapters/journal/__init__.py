"""The journal, as journalctl tells it."""
