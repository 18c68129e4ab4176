"""The notebooks that were graded, found again in the trees of submissions: what a result does not keep is looked up there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from autograder import corrected, notebook, submitted
from autograder.errors import BadSubmission, InstructorError
from autograder.result import Result
from autograder.submitted import Job


def graded_notebooks(
    results: Iterable[Result], trees: Iterable[Path], key: Callable[[str], str]
) -> Iterator[tuple[Result, Job, bytes]]:
    """Yield those results of one assignment whose notebook is found, with where it lies and what `Job.read` returns.

    Parameters
    ----------
    results : iterable of Result
    trees : iterable of Path
        Trees of submissions. A corrected copy counts in place of what was handed in, as it does where it is graded.
    key : callable
        Returns the form of a student's id that counts.
    """
    left = {key(result.student): result for result in results}
    assignment = next((result.assignment for result in left.values()), None)
    for tree in map(Path, trees):
        try:
            jobs = submitted.find_jobs(tree, None, assignment) if tree.is_dir() else []
            jobs = corrected.in_place(jobs, [tree.resolve().parent, Path.cwd()])
        except InstructorError:
            continue
        for job in jobs:
            result = left.get(key(job.student))
            if result is None or job.problem is not None or job.assignment != assignment:
                continue
            try:
                content = job.read()
            except (BadSubmission, OSError):
                continue
            if notebook.digest(content) == result.notebook_sha256:
                del left[key(job.student)]
                yield result, job, content
