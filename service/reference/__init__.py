"""The reference: the OpenAPI document, its page, and a page for each code of a problem."""
