"""Values, rules, matching, counting, decisions: pure, without I/O."""
