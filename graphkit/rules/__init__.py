"""Rules: of whom a written text asks something, and when it is met, as data."""

from graphkit.rules.pack import Rule, RulePack
from graphkit.rules.reader import list_rule_packs, read_rule_pack

__all__ = ["Rule", "RulePack", "list_rule_packs", "read_rule_pack"]
