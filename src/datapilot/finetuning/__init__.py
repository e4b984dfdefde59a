"""From judged insights to a training set, its inspection, and the comparison of two models. No network, no table."""
