"""What a well-formed map is, and how commands become a change with its inverse."""
