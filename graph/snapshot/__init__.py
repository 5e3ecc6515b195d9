"""One map at one revision: nodes by number, what they refer to, and what a view leaves of them."""
