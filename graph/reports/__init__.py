"""Reports: what a view says, in sentences that can be traced to its nodes and sources."""
