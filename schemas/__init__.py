"""What is said: the records of an argument map, the questions asked of it and the answers given."""
