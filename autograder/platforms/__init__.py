"""Learning platforms: what they hand out (rosters, submissions) and what they take in (grades). By files only; there is no LTI.

One module per platform knows its columns and its names of files; `roster`, `collect` and `export` work the same way for all of them.
"""
