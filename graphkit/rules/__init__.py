"""Rule packs: what should be covered, by which written rule, as data."""

from graphkit.rules.packs import Rule, RulePack, list_rule_packs, read_rule_pack

__all__ = ["Rule", "RulePack", "list_rule_packs", "read_rule_pack"]
