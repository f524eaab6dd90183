"""The control socket: the daemon's verbs over a unix socket that only root may use."""
