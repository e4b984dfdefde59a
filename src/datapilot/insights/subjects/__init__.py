"""What a table's findings can be about: its quantities, categories, clocks and people, what each of them is to a
reader, and the cells that tests look at. `find_subjects` is the door. Says nothing yet."""
