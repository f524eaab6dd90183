# What each of these does and installs: scripts/setup says so before it does it.
.PHONY: run demo test check bench compat deb

run:
	@scripts/setup run
	@scripts/run

demo:
	@scripts/setup demo
	@.venv/bin/python -m demo

test:
	@scripts/setup test
	@.venv/bin/pytest

check:
	@scripts/setup check
	@scripts/check

bench:
	@scripts/setup bench
	@.venv/bin/python -m bench

compat:
	@scripts/setup compat
	@PYTHONPATH=scripts:. .venv/bin/python -m compat

deb:
	@scripts/setup deb
	@scripts/deb
