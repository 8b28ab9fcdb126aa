"""Measurements, printed beside the bar each has to reach. `python -m bench`, or `python -m bench stock` for one."""
