"""The imitation account, seen from outside."""
