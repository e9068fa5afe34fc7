"""Announcing, changing and cancelling in a conversation, for moderators."""
