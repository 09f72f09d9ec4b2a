"""One NetSuite account: its address, login, sessions and answers. Nothing here knows of Singer."""
