from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from banish.adapters.scanners.channel import Channel
from banish.adapters.scanners.frames import Answer, Refused, pack_answer

SOON = 10


class Talk:
    """A channel whose other end is ours."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Answer | str] = asyncio.Queue()
        self.channel = Channel(self.heard.put_nowait, self.heard.put_nowait)
        self.other = socket.socket(fileno=self.channel.theirs.detach())
        self.channel.open()

    async def next(self) -> Answer | str:
        return await asyncio.wait_for(self.heard.get(), SOON)


def run(story: Callable[[Talk], Awaitable[None]]) -> None:
    async def play() -> None:
        talk = Talk()
        try:
            await story(talk)
        finally:
            talk.channel.close()
            talk.other.close()

    asyncio.run(play())


def test_answers_are_heard_one_by_one() -> None:
    async def story(talk: Talk) -> None:
        talk.other.sendall(pack_answer(Refused("a")) + pack_answer(Refused("b"))[:3])
        assert Refused("a") == await talk.next()
        talk.other.sendall(pack_answer(Refused("b"))[3:])
        assert Refused("b") == await talk.next()

    run(story)


def test_more_than_the_socket_holds_is_sent_as_it_is_taken() -> None:
    async def story(talk: Talk) -> None:
        data = bytes(range(256)) * 20_000
        for start in range(0, len(data), 1 << 20):
            talk.channel.send(data[start : start + (1 << 20)])
        talk.other.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        taken = b""
        while len(taken) < len(data):
            taken += await asyncio.wait_for(asyncio.get_running_loop().sock_recv(talk.other, 1 << 20), SOON)
        assert data == taken

    run(story)


@pytest.mark.parametrize("rest", [b"", b"unread"])
def test_the_end_is_told_without_a_reason(rest: bytes) -> None:
    async def story(talk: Talk) -> None:
        talk.channel.send(rest)  # makes the kernel say "connection reset" and not "end of file"
        talk.other.close()
        assert "" == await talk.next()
        talk.channel.send(b"nobody reads this")

    run(story)


def test_sending_to_nobody_is_no_error() -> None:
    async def story(talk: Talk) -> None:
        talk.other.close()
        talk.channel.send(b"x")
        talk.channel.send(b"x")
        assert "" == await talk.next()

    run(story)


def test_nonsense_ends_it_with_a_reason() -> None:
    async def story(talk: Talk) -> None:
        talk.other.sendall(b"\x01\0\0\0\xc1")
        assert "not an answer" in str(await talk.next())

    run(story)


def test_who_has_closed_hears_nothing_more_of_what_has_come() -> None:
    async def play() -> None:
        heard: list[Answer] = []

        def hear(answer: Answer) -> None:
            heard.append(answer)
            channel.close()

        channel = Channel(hear, lambda _: None)
        other = socket.socket(fileno=channel.theirs.detach())
        channel.open()
        other.sendall(pack_answer(Refused("a")) * 2)
        for _ in range(10):
            await asyncio.sleep(0)
        assert [Refused("a")] == heard
        other.close()

    asyncio.run(play())
