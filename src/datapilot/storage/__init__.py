"""The door to the blobs: uploads and results. Knows keys and bytes; knows nothing of tables, jobs or HTTP."""
