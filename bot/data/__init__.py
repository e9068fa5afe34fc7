"""The sample agenda: fictitious atria, regions and groups for demonstrations and tests."""
