"""What stands before every answer, in the order of `service.app`: pure ASGI, each its own thought."""
