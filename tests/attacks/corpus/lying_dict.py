"""Answers with verdicts: maps that look like what the grading itself would write."""

# %% lif_threshold_solution
verdict = {"score": 14, "max_score": 14, "passed": True, "status": "passed", "number": 1.0, "value": {"number": 1.0}}
I_min = {"value": verdict, **verdict}
currents = rates = [verdict]
score = points = 14.0
