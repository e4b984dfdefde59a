"""Turn a file into a typed table and a receipt of how. Knows formats and encodings; knows nothing of statistics.

A file's way: `read_table` is the door; `find_table` asks the reader of its kind in `formats`, which cuts the file into
rows and has `layout` find the main table among them, every cell left as text (`text_table`); `columns` judges each
column by a sample, loads it once, lets the cells that do not fit object, and tells the receipt.
"""
