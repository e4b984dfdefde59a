"""Find the table among rows of cells, whatever file they are from: titles, header rows, notes, totals, groups,
neighbours. `layout` says where it is, `body` yields its rows."""
