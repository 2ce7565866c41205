"""The demo office: a believable Sở Nội vụ, built through the acts that people use; in bulk too, for measuring."""
