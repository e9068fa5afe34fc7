"""Slack: the bot at home in a workspace."""
