"""The door to the queue: jobs are submitted, cancelled, run and watched here. Knows nothing of tables or HTTP."""
