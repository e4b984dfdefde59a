"""Where a release can be brought to. Every target knows the same verbs; what is special to one stays in its file."""
