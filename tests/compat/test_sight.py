from banish.compat.sight import ALL_LOGS


def test_who_does_not_look_has_all_logs_and_no_journal() -> None:
    assert (True, False) == (ALL_LOGS.has_log("/nowhere"), ALL_LOGS.has_journal)
