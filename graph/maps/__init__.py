"""The two doors: read a view, write commands; with the queue of commits and the port to the stores."""
