"""How a request becomes a question and an answer becomes bytes: the part of the service that knows HTTP."""
