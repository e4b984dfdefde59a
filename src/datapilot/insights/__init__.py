"""What a table shows: findings with honest statistics, and the sentences that say them. No network, no model."""
