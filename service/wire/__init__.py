"""What goes over the wire: bodies and queries read, answers and their tags written; knows nothing of maps."""
