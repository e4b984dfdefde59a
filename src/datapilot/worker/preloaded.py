"""What every analysis needs, loaded once by the server that children are forked from, and never again in a child.

The readers of single formats and the trees of the column classes load where they are first used, so that a short run
of the command line spares them; a child would pay for them in every attempt.
"""

import atexit
import gc
import os

import numpy.ma  # noqa: F401  # the engine hands columns with gaps over as masked arrays

import datapilot.actions.analyze_dataset
import datapilot.actions.report_table
import datapilot.reading.pdf_table
import datapilot.reading.workbook  # noqa: F401
from datapilot.reading.ml_type import load_trees

load_trees()
# What is loaded stays: a child's collector need not walk through it, which would copy the pages it shares.
gc.collect()
gc.freeze()
# At its end the server has nothing to tidy, and what the engine's binding says then of values that it was never given
# back would stand among the lines of the log.
atexit.register(os._exit, 0)
