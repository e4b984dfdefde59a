"""Turn a file into a typed table and a receipt of how. Knows formats and encodings; knows nothing of statistics.

A file's way: `read_table` is the door; `find_table` asks the reader of its kind (`delimited_scan`, or `delimited` row
by row, `workbook`, `json_table`, `parquet_table`, `pdf_table`, `web_log`, `key_values`), which finds the main table
among the rows (`blocks`, `layout`, `header`, `body`) and leaves every cell as text; `type_table` has each column
judged by a sample (`column_types`), loads it once, and lets the cells that do not fit object (`misfits`).
`conversions` tells the receipt.
"""
