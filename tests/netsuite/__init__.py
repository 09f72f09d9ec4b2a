"""Tests of one account: its address, its login, its sessions, its answers."""
