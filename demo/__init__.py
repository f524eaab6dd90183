"""A real attack on a real server, in namespaces of its own, and Banish between them: `python -m demo`."""
