"""Where lines are matched: in this process, or in unprivileged ones of its own."""
