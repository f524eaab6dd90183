"""Logs that grow from samples."""

from __future__ import annotations

from compat.samples import Group, Sample

from compat import mutation

TEXT = "2026-01-01 01:00:00 srv[1234]: failed for user anna from 192.0.2.200"
GROUPS = [Group("web", {"mode": "all"}, [Sample(TEXT, matches=True), Sample(TEXT[:30], matches=False)])]


def test_they_are_of_the_filter_and_look_like_the_samples() -> None:
    cases = [mutation.case(seed, GROUPS) for seed in range(60)]
    assert {'web[mode="all"]'} == {case.call for case in cases}
    assert 20 < sum(b"failed for user" in case.log for case in cases)
    assert 3 < sum(TEXT.encode() in case.log for case in cases)


def test_some_have_a_new_date_in_front_and_the_old_one_no_more() -> None:
    cases = [mutation.case(seed, GROUPS) for seed in range(60)]
    dated = [line for case in cases if case.datepattern for line in case.lines]
    assert dated
    assert all(line.startswith((b"2026-01-01T", b"2025-12-31T")) for line in dated)
    assert any(line[20:].startswith(b" srv[") for line in dated)
