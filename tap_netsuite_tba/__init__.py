"""A Singer tap that copies a NetSuite account over Token-Based Authentication."""
