"""What clients send and are answered, as the reference has it."""
