"""Set-up, private servers and the supervisor.

Standard library only: these modules run under the system's Python before the virtual environment exists.
The exceptions say so in their first line and are started with the environment's Python.
"""

import sys

# Here because this runs before any module with newer syntax. The lint rule assumes what this line makes sure of.
if sys.version_info < (3, 11):  # noqa: UP036
    raise SystemExit("Python 3.11 or newer is needed; try `make PYTHON=/path/to/python3.11 ...`.")
