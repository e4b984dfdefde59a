"""The entry that works on jobs: claims one, has a child process do it, publishes the result. Knows no HTTP."""
