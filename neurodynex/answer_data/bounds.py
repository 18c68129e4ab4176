"""How large an answer may be. The encoder keeps to these bounds; the decoder on the trusted side enforces them."""

#: Bytes of one reply. A list of `MAX_ELEMENTS` numbers needs 7 MB.
MAX_REPLY_BYTES = 8_000_000
#: Numbers, strings and containers in one answer. A trajectory of 300 ms in steps of 2 us has 150,000.
MAX_ELEMENTS = 200_000
#: Entries of one map or set. Few, because keys can be made so that all of them collide, and then each one costs them all.
MAX_KEYS = 2_000
#: Lists in lists in lists. The deepest natural answer is a map of lists of pairs.
MAX_DEPTH = 20
#: Characters of one string.
MAX_STRING = 10_000
#: Decimal digits of one integer. No answer counts anything beyond 64 bits.
MAX_DIGITS = 40
#: Axes of one array.
MAX_DIMENSIONS = 8
#: Figures of one answer; axes of one figure, and lines, sets of points and legend entries of one axes;
#: and points of one line.
MAX_FIGURES = 1_000
MAX_ARTISTS = 200
MAX_POINTS = 5_000
#: Arrows of one axes.
MAX_ARROWS = 1_000
#: For how many elements a line or a set of points stands, beside its points: each one takes the judge some time.
SERIES_COST = 50
#: Exponents of metre, kilogram, second, ampere, kelvin, mole, candela: the order of `brian2.Dimension`.
SI_UNITS = 7
