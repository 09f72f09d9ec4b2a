"""What the tap costs in time and requests, against a limit measured in the same run."""
