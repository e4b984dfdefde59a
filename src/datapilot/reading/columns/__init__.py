"""Decide what each column is and turn its texts into values: numbers, dates, categories, personal data, missing cells.
`column_types` judges a column by a sample, `type_table` loads all rows and lets the cells that do not fit object."""
