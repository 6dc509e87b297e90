"""Who acts: the runtime that every agent shares, the coordinator, and the agencies' workers."""
