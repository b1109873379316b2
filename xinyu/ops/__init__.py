"""Set-up, private servers and the supervisor.

Standard library only: these modules run under the system's Python before the virtual environment exists.
The exceptions say so in their first line and are started with the environment's Python.
"""
