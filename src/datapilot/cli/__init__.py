"""The command line: validate, call an action, print. Every error is one line on stderr with its code."""
