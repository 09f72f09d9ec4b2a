"""One NetSuite account: its address, its login, its sessions, its answers. Nothing here knows of Singer."""
