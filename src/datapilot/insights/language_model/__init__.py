"""What a language model is asked about a table, and what of its answer is kept. Sends nothing.

`catalogue` says what may be known, `prompt` asks, `replies` reads the answer, `support` keeps what facts bear; `egress`
has the last look at what leaves.
"""
