"""The short form of bench/people.py: nine people at once on the real process, each with a conversation, over three ways in."""

import random
import threading
import time

from bench.people import WAYS, Room, alone, person
from tests.api.conftest import Served


def test_nobody_gets_another_ones_answer(served: Served) -> None:
    room = Room(served.url, alone(served.url), until=time.monotonic() + 4, pause=0.05)
    people = [
        threading.Thread(target=person, args=(room, *list(WAYS.items())[number % 3], random.Random(number)))
        for number in range(9)
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert room.seen.faults == []
    assert set(room.seen.seconds) == set(WAYS)
