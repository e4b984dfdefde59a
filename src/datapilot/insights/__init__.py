"""What a table shows: findings with honest statistics, and the sentences that say them. No network, no model.

A finding's way: `subjects` say what the table can be asked about; each of `kinds` tests that and offers candidates in
the phrases of `wording`; `collect_facts` keeps those that so many tests leave significant, one a story (`stories`) in
order of weight (`ranking`), has the engine compute their figures exactly, and lets each word itself; `describe` makes
the page's text of them. `language_model` holds what a model may be told of this, and what of its answer is shown.
"""
