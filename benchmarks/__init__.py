"""Measurements of DataPilot AI beside other tools: ratios in one run on one machine, reproduced by `make bench`."""
