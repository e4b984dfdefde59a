"""The door to who may do what: API keys, sessions, shares and what a key has used up. Knows no HTTP and no job."""
