"""The encoder, which the students' package holds, too: the self-check reads what the judge reads."""

from neurodynex.answer_data.encode import Encoded, TooLarge, encode, error, missing, number, text

__all__ = ["Encoded", "TooLarge", "encode", "error", "missing", "number", "text"]
