"""Whether an account can be read with these settings: step by step, each with cause and remedy."""
