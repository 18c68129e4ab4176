"""Work that is shared out among processes."""

import os
import signal
import time

import pytest

from autograder.errors import InstructorError
from autograder.portions import Processes, portions_of

KILLED = "A process was killed."


def whose(number: int) -> tuple[int, int]:
    """Take long enough for another process to take part, and say who did it."""
    time.sleep(0.02)
    return number, os.getpid()


def killed_elsewhere(parent: int) -> None:
    time.sleep(0.02)
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def not_seven(number: int) -> int:
    time.sleep(0.02)
    if number == 7:
        raise LookupError("seven")
    return number


def test_what_comes_of_items_is_yielded_in_their_order_and_this_process_takes_part():
    with Processes(2, if_killed=KILLED) as processes:
        found = list(processes.each(whose, range(250)))
        again = list(processes.each(whose, range(2)))
    assert [number for number, _ in found] == list(range(250))
    assert os.getpid() in {pid for _, pid in found} and len({pid for _, pid in found}) == 2
    assert [number for number, _ in again] == [0, 1]
    assert {pid for _, pid in again} <= {pid for _, pid in found}  # none is started anew


@pytest.mark.parametrize(("count", "items"), [(1, 5), (2, 1), (2, 0)])
def test_no_process_is_started_where_one_is_enough(count, items):
    with Processes(count, if_killed=KILLED) as processes:
        assert list(processes.each(whose, range(items))) == [(number, os.getpid()) for number in range(items)]
        assert processes.others is None


def test_of_a_killed_process_the_instructor_is_told():
    with Processes(2, if_killed=KILLED) as processes, pytest.raises(InstructorError, match=KILLED):
        list(processes.each(killed_elsewhere, [os.getpid()] * 250))


def test_an_error_ends_the_work_wherever_it_is_made():
    with pytest.raises(LookupError, match="seven"), Processes(2, if_killed=KILLED) as processes:
        list(processes.each(not_seven, range(250)))


def test_portions_hold_every_item_once():
    assert portions_of("abcdefg", 3) == ["abc", "def", "g"] and portions_of([], 3) == []
