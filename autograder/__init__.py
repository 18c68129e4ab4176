"""Grade the *Neuronal Dynamics* assignments: one statement of each question, the same score on every route.

The road of a submission, a station each, in the order in which it passes:

- `autograder.submitted` finds the hand-ins and who they are from; each becomes a job.
- `autograder.batch` runs the jobs in parallel, in `autograder.workers`, and keeps what is finished; `autograder.adapters` are the other
  ways in.
- `autograder.sources` says whether an earlier grade still holds, or has to be run or judged again.
- `autograder.grade` grades one submission: it calls all that follows.
- `autograder.notebook` reads the file: the cells' sources, and the ids that mark the questions' places.
- `autograder.assignments` states the questions, and so what to ask the notebook for.
- `autograder.running` has the cells run by `autograder.sandbox`, in isolation, with what was handed in beside the notebook
  (`autograder.extra_files`), and brings back answers as plain data.
- `autograder.judge` compares the answers with what each kind of `autograder.answers` accepts; `autograder.attempted` tells apart what
  was not tried.
- `autograder.result` is the grade: one JSON document a submission.
- `autograder.report` and `autograder.pages` show it.

Four rules hold all along it:

1. Student code and grading code never share a process, and only plain data crosses between them.
2. A question is stated once, in `autograder.assignments`; everything else follows from that or is tested against it.
3. The same submission gets the same score on every route.
4. A grade can be repeated: same submission, student and package, same bytes.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("neurodynex-assignments")
except PackageNotFoundError:  # unpacked in a grading image, where only the sources lie
    __version__ = "0.1.0"
