"""Open each kind of file and hand its main table on, every cell still text: delimited text, workbooks, JSON, Parquet,
PDF, logs. `file_type` tells them apart; each reader has a module of its own."""
