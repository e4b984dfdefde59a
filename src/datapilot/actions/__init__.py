"""What the product does, one verb a file. Joins the core and the doors; knows no command line and no web framework."""
