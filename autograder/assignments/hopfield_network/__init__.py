"""The questions, the reference and the sample submissions of one assignment."""
