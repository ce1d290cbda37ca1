"""The other side: a week calendar where a person acts as the provider's user."""
